package io.gpuctl.cli.verify;

import io.gpuctl.cli.kafka.ClusterBroker;
import io.gpuctl.cli.kafka.ClusterOption;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.output.Terminal;
import io.gpuctl.events.kafka.KafkaConnection;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Recomputes all state from a cluster's log, and reports differences. */
@Command(
        name = "verify",
        description = {
            "Reads the log of a cluster and recomputes everything from it: every task is in one state and reached it"
                    + " by legal steps, no GPU was allocated beyond its capacity, no attempt ran twice, and the"
                    + " stored state matches the log.",
            "A cluster of gpuctl up is read with --data, running or stopped; one on another Kafka cluster with --kafka."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:no violations",
            "1:violations, or the cluster could not be read",
            "2:the command was not understood"
        })
public final class VerifyCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls the command.
    private CommandSpec spec;

    @Mixin
    private ClusterOption cluster = new ClusterOption();

    @Option(
            names = {"-o", "--output"},
            description = "Output: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} by default.",
            defaultValue = "table",
            paramLabel = "FORMAT")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private ReportFormat format;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try (ClusterBroker broker = cluster.connect()) {
            VerifyReport report = verify(broker.kafka(), err);
            PrintWriter out = spec.commandLine().getOut();
            out.println(format.write(report));
            out.flush();
            return report.isClean() ? 0 : 1;
        }
    }

    private static VerifyReport verify(KafkaConnection kafka, PrintWriter err) {
        try (Progress progress = new Progress("reading", Terminal.isInteractive() ? err : null)) {
            return Verification.run(kafka, progress);
        }
    }
}
