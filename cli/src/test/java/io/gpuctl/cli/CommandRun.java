package io.gpuctl.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** What a command printed and returned. */
public record CommandRun(int exitCode, String out, String err) {

    /** Runs a command in this JVM against that server; one that takes no server is run as it is. */
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

    /** Runs a command in this JVM that asks no server. */
    public static CommandRun local(String... args) {
        return in(System.getenv(), args);
    }

    /** As {@link #local}, with the variables of another environment. */
    public static CommandRun in(Map<String, String> environment, String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = Gpuctl.commandLine(environment)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
