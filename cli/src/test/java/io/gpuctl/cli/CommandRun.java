package io.gpuctl.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** The output and the exit code of a command. */
public record CommandRun(int exitCode, String out, String err) {

    /** Runs a command in this JVM against the server. A command without the option for a server is run unchanged. */
    public static CommandRun of(URI server, String... args) {
        boolean asksServer = args.length > 0
                && !args[0].equals("completion")
                && !Arrays.asList(args).contains("--server");
        String[] all = asksServer
                ? Stream.concat(Arrays.stream(args), Stream.of("--server", server.toString()))
                        .toArray(String[]::new)
                : args;
        return local(all);
    }

    /** Runs a command in this JVM without a server. */
    public static CommandRun local(String... args) {
        return in(System.getenv(), args);
    }

    /** Runs a command like {@link #local}, with other environment variables. */
    public static CommandRun in(Map<String, String> environment, String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = Gpuctl.commandLine(environment, args)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
