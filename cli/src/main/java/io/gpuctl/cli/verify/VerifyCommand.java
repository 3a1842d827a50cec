package io.gpuctl.cli.verify;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.ClusterBroker;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.output.Terminal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Recomputes everything from a cluster's log, and says what does not agree. */
@Command(
        name = "verify",
        description = {
            "Reads the log of a cluster and recomputes everything from it: every task is in one state and reached it by legal"
                    + " steps, no GPU was given out beyond its capacity, no attempt ran twice, and what is stored is what the log says.",
            "A running cluster is read with --kafka, a stopped one with --data."
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

    @Option(
            names = {"-o", "--output"},
            description = "Output: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} by default.",
            defaultValue = "table",
            paramLabel = "FORMAT")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private ReportFormat format;

    /** Where the log is. */
    private static final class Source {
        @Option(
                names = "--kafka",
                paramLabel = "HOST:PORT",
                description = "The broker of a running cluster; gpuctl up prints its address.")
        private @Nullable String bootstrapServers;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "The data directory of a stopped cluster; ~/.gpuctl by default.")
        private @Nullable Path directory;
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try {
            VerifyReport report = source != null && source.bootstrapServers != null
                    ? verify(source.bootstrapServers, err)
                    : verify(directory(), err);
            PrintWriter out = spec.commandLine().getOut();
            out.println(format.write(report));
            out.flush();
            return report.isClean() ? 0 : 1;
        } catch (CommandFailedException e) {
            err.println("gpuctl: " + e.getMessage());
            err.flush();
            return 1;
        }
    }

    private Path directory() {
        return source == null || source.directory == null
                ? Path.of(System.getProperty("user.home"), ".gpuctl")
                : source.directory;
    }

    private static VerifyReport verify(Path directory, PrintWriter err) {
        try (ClusterBroker broker = ClusterBroker.ofStopped(directory)) {
            return verify(broker.bootstrapServers(), err);
        }
    }

    private static VerifyReport verify(String bootstrapServers, PrintWriter err) {
        try (Progress progress = new Progress("reading", Terminal.isInteractive() ? err : null)) {
            return Verification.run(bootstrapServers, progress);
        }
    }
}
