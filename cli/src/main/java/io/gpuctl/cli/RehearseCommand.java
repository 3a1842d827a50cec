package io.gpuctl.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Runs several command lines in one JVM, so that the JVM can record for an ahead-of-time cache what short commands
 * load; see {@code deploy/package/lib/train}.
 */
@Command(
        name = "rehearse",
        hidden = true,
        description = {
            "Runs the command lines on stdin one after another, without the word gpuctl; spaces separate the words.",
            "Ends with the exit code of the first command that fails."
        })
final class RehearseCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] args = line.strip().split(" +");
            int exitCode = Gpuctl.run(
                    Gpuctl.commandLine(System.getenv(), args)
                            .setOut(spec.commandLine().getOut())
                            .setErr(spec.commandLine().getErr()),
                    args);
            if (exitCode != 0) {
                return exitCode;
            }
        }
        return 0;
    }
}
