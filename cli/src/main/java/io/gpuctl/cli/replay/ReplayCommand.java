package io.gpuctl.cli.replay;

import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.log.PartitionFile;
import io.gpuctl.audit.redo.LogReplay;
import io.gpuctl.audit.redo.ReplayReport;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.cluster.PolicyName;
import io.gpuctl.cli.cluster.PolicyTuning;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.Terminal;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.experiments.spec.PolicyChoice;
import io.gpuctl.experiments.whatif.WhatIf;
import io.gpuctl.experiments.whatif.WhatIfException;
import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays a recorded log: makes all its decisions again and compares them. */
@Command(
        name = "replay",
        description = {
            "Repeats all decisions of a recorded log with the same scheduler, and compares each fact byte for byte,"
                    + " and the final state with the stored state. Prints the first difference.",
            "With --policy, runs the recorded tasks, nodes, faults and cancellations at the same times under another"
                    + " policy, in virtual time. Writes a new log and new results, and compares the results."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every decision is the same as recorded",
            "1:something differs, or the log cannot be read",
            "2:the command line is wrong; stderr says where"
        })
public final class ReplayCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The directory that gpuctl log export wrote.")
    private Path directory = Path.of("log");

    private @Nullable String policy;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            completionCandidates = PolicyName.Candidates.class,
            description =
                    "Run the log under this policy: ${COMPLETION-CANDIDATES}, or ORDER+PLACEMENT of them, see below."
                            + " An order alone uses first-fit, a placement alone uses arrival.")
    void setPolicy(String name) {
        PolicyName.requireKnown(name, spec.commandLine());
        policy = name;
    }

    @Mixin
    private PolicyTuning tuning = new PolicyTuning();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            description = "With --policy: directory for the new log and the results; must be absent or empty.")
    private @Nullable Path output;

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            description = "With --policy: the pool to run, if the log has several.")
    private @Nullable String pool;

    @Override
    public Integer call() throws IOException {
        try {
            return policy == null ? replay() : askWhatIf(policy);
        } catch (EventLogException | WhatIfException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private int askWhatIf(String name) throws IOException {
        if (output == null) {
            throw usage("--policy requires -o OUT, the directory for the new log and the results");
        }
        PolicyChoice choice = choice(name);
        requireFree(output);
        long startNanos = System.nanoTime();
        var question = new WhatIf.Question(
                poolId(),
                choice,
                tuning.seed(),
                OrchestratorApp.STATE_CHANGELOG,
                spec.root().version()[0]);
        WhatIf.Answer answer = WhatIf.run(EventLogReader.open(directory), question, output);
        PrintWriter out = spec.commandLine().getOut();
        WhatIfText.lines(answer, output, (System.nanoTime() - startNanos) / 1e9).stream()
                .map(Printable::line)
                .forEach(out::println);
        out.flush();
        return ExitCode.OK;
    }

    private PolicyChoice choice(String name) {
        var choice = new PolicyChoice(name, new TreeMap<>(tuning.weights()));
        try {
            Policies.create(choice.spec(tuning.seed(), TargetWorkload.EMPTY));
        } catch (InvalidFieldException e) {
            throw PolicyTuning.unusable(spec.commandLine(), e);
        }
        return choice;
    }

    private @Nullable PoolId poolId() {
        try {
            return pool == null ? null : new PoolId(pool);
        } catch (InvalidFieldException e) {
            throw usage("--pool: " + e.getMessage());
        }
    }

    private static void requireFree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            throw new CommandFailedException(directory + " is a file, but must be a directory, or absent");
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            if (files.iterator().hasNext()) {
                throw new CommandFailedException(
                        directory + " is not empty. Give a directory that is absent or empty: nothing is overwritten");
            }
        }
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    private int replay() {
        if (output != null || pool != null) {
            throw usage("%s requires --policy".formatted(output != null ? "-o" : "--pool"));
        }
        long startNanos = System.nanoTime();
        EventLogReader log = EventLogReader.openAsItIs(directory);
        ReplayReport report;
        try (Progress progress = progress(log)) {
            report = LogReplay.run(log, OrchestratorApp.STATE_CHANGELOG, progress::advance);
        }
        PrintWriter out = spec.commandLine().getOut();
        ReplayText.lines(report, (System.nanoTime() - startNanos) / 1e9).stream()
                .map(Printable::line)
                .forEach(out::println);
        out.flush();
        return report.isClean() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private Progress progress(EventLogReader log) {
        PrintWriter err = spec.commandLine().getErr();
        Progress progress = new Progress("deciding", Terminal.isInteractive() ? err : null);
        progress.expect(log.partitions(Topics.CLUSTER_EVENTS.name()).stream()
                .mapToLong(PartitionFile::records)
                .sum());
        return progress;
    }
}
