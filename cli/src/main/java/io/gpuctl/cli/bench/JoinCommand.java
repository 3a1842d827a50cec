package io.gpuctl.cli.bench;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.bench.suite.SuiteResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Joins the rounds of several results of the suite. */
@Command(
        name = "join",
        description = {
            "Joins several results of gpuctl bench suite into one that has the rounds of all, in the order of the files.",
            "So two builds can be measured alternately, a round each, and then be compared. The results must be of one"
                    + " version, commit and machine, with the same settings."
        })
final class JoinCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "Directory for the joined suite.json and performance.md.")
    private Path output = Path.of("");

    @Parameters(arity = "2..*", paramLabel = "FILE", description = "The suite.json files to join; at least two.")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() {
        SuiteResult joined =
                SuiteResult.join(files, files.stream().map(SuiteResult::read).toList());
        try {
            joined.write(output);
        } catch (IOException e) {
            throw new CommandFailedException("%s cannot be written: %s".formatted(output, e.getMessage()), e);
        }
        spec.commandLine().getOut().println(SuiteResult.written(output));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
