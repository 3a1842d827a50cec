package io.gpuctl.cli.client;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks the API. */
abstract class ClientCommand implements Callable<Integer> {

    static final int OK = 0;
    static final int FAILED = 1;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Mixin
    private ServerOption server = new ServerOption();

    @Override
    public final Integer call() throws InterruptedException {
        try (var api = server.connect()) {
            int exitCode = run(api);
            out().flush();
            return exitCode;
        }
    }

    /** Does the command's work, and returns its exit code. */
    abstract int run(ApiClient api) throws InterruptedException;

    final CommandSpec spec() {
        return spec;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
