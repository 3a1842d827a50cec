package io.gpuctl.cli.chaos;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.chaos.check.CheckFailedException;
import io.gpuctl.cli.chaos.check.CheckReport;
import io.gpuctl.cli.chaos.check.LogCheck;
import io.gpuctl.cli.chaos.cluster.KafkaAccess;
import io.gpuctl.cli.kafka.ClusterOption;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gpuctl chaos check}. */
@Command(
        name = "check",
        description = {
            "Reads a cluster's log with a reader that shares no code with the rest of gpuctl, and checks it:"
                    + " numbering, totals, legal changes of state, the capacity of each GPU, one start command for"
                    + " each placement.",
            "A running cluster is reached with --kafka, or through its data directory."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no findings", "1:findings, or the log could not be read", ChaosCommand.MISUSED})
final class CheckCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls the command.
    private CommandSpec spec;

    @Mixin
    private ClusterOption cluster = new ClusterOption();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (var broker = cluster.connect()) {
            CheckReport report = LogCheck.run(new KafkaAccess(broker.kafka()).clientSettings());
            report.findings().kept().forEach(out::println);
            out.println(CheckText.of(report));
            out.flush();
            return report.findings().count() == 0 ? 0 : 1;
        } catch (CheckFailedException | KafkaException e) {
            throw new CommandFailedException("The log cannot be read: " + e.getMessage(), e);
        }
    }
}
