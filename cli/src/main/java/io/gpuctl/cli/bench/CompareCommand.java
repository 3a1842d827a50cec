package io.gpuctl.cli.bench;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.bench.suite.Comparison;
import io.gpuctl.cli.bench.suite.SuiteResult;
import io.gpuctl.cli.output.OutputFormat;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two results of the suite. */
@Command(
        name = "compare",
        description = {
            "Compares two results of gpuctl bench suite: both medians of each figure, and their ratio.",
            "A difference goes beyond the spread if the medians differ by more than the rounds of either result do among"
                    + " themselves. If both results have one round, the spread is unknown."
        })
final class CompareCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A", description = "The suite.json to compare with.")
    private Path before = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "The other suite.json.")
    private Path after = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "Format of the output: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TABLE;

    @Override
    public Integer call() {
        var comparison = new Comparison(SuiteResult.read(before), SuiteResult.read(after));
        if (comparison.isEmpty()) {
            throw new CommandFailedException("%s and %s have no figure in common.".formatted(before, after));
        }
        var out = spec.commandLine().getOut();
        if (output == OutputFormat.TABLE) {
            comparison.toTable().lines().forEach(out::println);
        } else {
            out.println(output.write(comparison.toJson()));
        }
        out.flush();
        return 0;
    }
}
