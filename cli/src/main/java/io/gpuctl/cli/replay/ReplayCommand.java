package io.gpuctl.cli.replay;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.output.Terminal;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.experiments.eventlog.EventLogException;
import io.gpuctl.experiments.eventlog.EventLogReader;
import io.gpuctl.experiments.eventlog.PartitionFile;
import io.gpuctl.experiments.eventlog.TopicFiles;
import io.gpuctl.experiments.replay.LogReplay;
import io.gpuctl.experiments.replay.ReplayReport;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Decides a recorded log over. */
@Command(
        name = "replay",
        description = {
            "Decides everything in a recorded log once more, by the same scheduler, and compares: each fact byte for byte, and"
                    + " the final state with what was stored. Says where the log first differs.",
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything came out as it is recorded",
            "1:something differs, or the log cannot be read",
            "2:the command line is wrong; stderr says where"
        })
public final class ReplayCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "What gpuctl log export wrote.")
    private Path directory = Path.of("log");

    @Override
    public Integer call() {
        try {
            return replay();
        } catch (EventLogException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private int replay() {
        long startNanos = System.nanoTime();
        EventLogReader log = EventLogReader.openAsItIs(directory);
        ReplayReport report;
        try (Progress progress = progress(log)) {
            report = LogReplay.run(log, OrchestratorApp.STATE_CHANGELOG, progress::advance);
        }
        PrintWriter out = spec.commandLine().getOut();
        ReplayText.lines(report, (System.nanoTime() - startNanos) / 1e9).forEach(out::println);
        out.flush();
        return report.isClean() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private Progress progress(EventLogReader log) {
        PrintWriter err = spec.commandLine().getErr();
        Progress progress = new Progress("deciding", Terminal.isInteractive() ? err : null);
        progress.expect(log.manifest().topic(Topics.CLUSTER_EVENTS.name()).stream()
                .map(TopicFiles::partitions)
                .flatMap(List::stream)
                .mapToLong(PartitionFile::records)
                .sum());
        return progress;
    }
}
