package io.gpuctl.cli.verify;

import io.gpuctl.cli.kafka.ClusterBroker;
import io.gpuctl.cli.kafka.KafkaConfigOption;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.output.Terminal;
import io.gpuctl.events.kafka.KafkaConnection;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Recomputes all state from a cluster's log, and reports differences. */
@Command(
        name = "verify",
        description = {
            "Reads the log of a cluster and recomputes everything from it: every task is in one state and reached it by legal"
                    + " steps, no GPU was given out beyond its capacity, no attempt ran twice, and what is stored is what the log says.",
            "A cluster of gpuctl up is read with --data, running or stopped; one on an outside Kafka with --kafka."
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

    @ArgGroup
    private @Nullable Source source;

    @Mixin
    private KafkaConfigOption kafkaConfig = new KafkaConfigOption();

    @Option(
            names = {"-o", "--output"},
            description = "Output: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} by default.",
            defaultValue = "table",
            paramLabel = "FORMAT")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private ReportFormat format;

    /** The location of the log. */
    private static final class Source {
        @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "The Kafka of a running cluster.")
        private @Nullable String kafka;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "The data directory of gpuctl up; ~/.gpuctl by default.")
        private @Nullable Path directory;
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try (ClusterBroker broker = broker()) {
            VerifyReport report = verify(broker.kafka(), err);
            PrintWriter out = spec.commandLine().getOut();
            out.println(format.write(report));
            out.flush();
            return report.isClean() ? 0 : 1;
        }
    }

    private ClusterBroker broker() {
        return ClusterBroker.of(
                source == null ? null : source.kafka, kafkaConfig, source == null ? null : source.directory);
    }

    private static VerifyReport verify(KafkaConnection kafka, PrintWriter err) {
        try (Progress progress = new Progress("reading", Terminal.isInteractive() ? err : null)) {
            return Verification.run(kafka, progress);
        }
    }
}
