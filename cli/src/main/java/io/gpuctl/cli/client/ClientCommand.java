package io.gpuctl.cli.client;

import io.gpuctl.cli.output.Printable;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashSet;
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

    /** What is done with one of several. */
    @FunctionalInterface
    interface Work {
        void on(String id) throws InterruptedException;
    }

    /**
     * Does it with each, also after one that the API refuses, and says why it does. Returns {@link #FAILED} if one was
     * refused.
     */
    final int forEach(Collection<String> ids, Work work) throws InterruptedException {
        int exitCode = OK;
        for (String id : new LinkedHashSet<>(ids)) {
            try {
                work.on(id);
            } catch (ApiProblemException e) {
                String problem = String.valueOf(e.getMessage());
                err().println("gpuctl: " + Printable.lines(problem.contains(id) ? problem : id + ": " + problem));
                err().flush();
                exitCode = FAILED;
            }
        }
        return exitCode;
    }

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
