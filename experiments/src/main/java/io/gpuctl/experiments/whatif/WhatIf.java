package io.gpuctl.experiments.whatif;

import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.experiments.engine.Checks;
import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.experiments.engine.Sensing;
import io.gpuctl.experiments.engine.VirtualCluster;
import io.gpuctl.experiments.engine.VirtualClusterConfig;
import io.gpuctl.experiments.result.ExperimentDescription;
import io.gpuctl.experiments.result.Metrics;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.RunTotals;
import io.gpuctl.experiments.result.TaskOutcome;
import io.gpuctl.experiments.result.Utilisation;
import io.gpuctl.experiments.result.files.ResultFiles;
import io.gpuctl.experiments.result.files.RunStore;
import io.gpuctl.experiments.run.OutcomeFold;
import io.gpuctl.experiments.spec.PolicyChoice;
import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.simulator.cluster.GpuModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a recorded pool again under another policy, in virtual time: the same tasks at the same times and with the same
 * work, the same nodes, faults, silences and cancellations. The same log, policy and seed give the same bytes.
 */
public final class WhatIf {
    private static final double MS_PER_SECOND = 1_000;

    /** The period with which experiments measure. */
    private static final long SENSING_PERIOD_MS = 10_000;

    private static final String LOG = "log";

    private final Question question;
    private final RecordedPool recorded;
    private final Path directory;

    /**
     * The question: which pool to run again, and under which policy.
     *
     * @param pool null for the only pool of the log
     * @param changelog the topic of an orchestrator's stored state
     * @param tool name and version of the program
     */
    public record Question(@Nullable PoolId pool, PolicyChoice policy, long seed, String changelog, String tool) {}

    /**
     * The results of both runs.
     *
     * @param notes what a reader must know
     * @param facts number of facts of the new run
     */
    public record Answer(RunResult recorded, RunResult other, List<String> notes, long facts) {
        public Answer {
            notes = List.copyOf(notes);
        }
    }

    private WhatIf(Question question, RecordedPool recorded, Path directory) {
        this.question = question;
        this.recorded = recorded;
        this.directory = directory;
    }

    /**
     * Runs the pool again, and writes {@code log/}, {@code metrics.csv}, {@code summary.csv}, {@code tasks.parquet},
     * {@code report.html} and {@code runs/}.
     *
     * @param directory must be absent or empty
     * @throws WhatIfException if the recording cannot be run again
     * @throws IOException if a file cannot be written
     */
    public static Answer run(EventLogReader log, Question question, Path directory) throws IOException {
        return new WhatIf(question, PoolRecording.read(log, question.pool()), directory).run();
    }

    private Answer run() throws IOException {
        var utilisation = new Utilisation(recorded.gpus(), 0);
        var outcomes = new OutcomeFold(
                recorded.beginMs(),
                (atMs, milli) -> utilisation.allocated(atMs / MS_PER_SECOND, (double) milli / GpuRequest.WHOLE));
        long[] lastFactMs = {recorded.beginMs()};
        FactSink times = fact -> lastFactMs[0] = fact.atMs();
        long facts;
        try (var log = new VirtualLog(directory.resolve(LOG), recorded.pool())) {
            var cluster = new VirtualCluster(
                    config(), Policies::create, FactSink.all(outcomes, times, log), sample -> {}, log);
            recorded.inOrder().forEach(step -> step.planIn(cluster));
            if (recorded.unfinished() == 0) {
                cluster.runToEnd();
            } else {
                cluster.runUntil(recorded.endMs());
                cluster.checkAll();
                lastFactMs[0] = recorded.endMs();
            }
            // The run ends at its last fact, like the recording. The cluster's own time continues until a cancelled
            // task would have ended.
            utilisation.end((lastFactMs[0] - recorded.beginMs()) / MS_PER_SECOND);
            facts = cluster.facts();
            log.finish(cluster.state(), question.changelog(), question.tool());
        }
        RunResult other = result(outcomes, utilisation);
        List<String> notes = notes();
        write(other, notes);
        return new Answer(recorded.result(), other, notes, facts);
    }

    private VirtualClusterConfig config() {
        PolicyChoice policy = question.policy();
        PoolSettings settings =
                recorded.settings().under(policy.spec(question.seed(), policy.target(recorded.tasks())));
        Sensing sensing = policy.needsConditions() ? new Sensing(SENSING_PERIOD_MS) : null;
        return new VirtualClusterConfig(
                recorded.pool(), List.of(), GpuModels.builtIn(), settings, sensing, Checks.NORMAL);
    }

    private RunResult result(OutcomeFold fold, Utilisation utilisation) {
        List<TaskOutcome> outcomes = fold.outcomes();
        var totals = new RunTotals(utilisation.meanAllocatedPercent(), fold.preemptions(), fold.wastedGpuHours(), null);
        var key = new RunKey(
                PoolRecording.EXPERIMENT,
                recorded.pool().value(),
                question.policy().label(),
                null,
                question.seed());
        return new RunResult(key, Metrics.of(outcomes, totals), outcomes, utilisation.points(), List.of());
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        notes.add(
                "Messages take no time in this run. In the recording they did: at --speed X, a millisecond of wall-clock"
                        + " time is X ms of cluster time.");
        notes.add(
                "A node that became silent in the recording becomes silent in this run too. The silence begins before the"
                        + " recorded suspicion, by the time for which heartbeats may be missing. The node is suspected,"
                        + " lost and reconnected at the recorded times.");
        if (recorded.unfinished() > 0) {
            notes.add("%,d tasks had not ended at the end of the log: the run ends at that time too."
                    .formatted(recorded.unfinished()));
        }
        if (recorded.policies().size() > 1) {
            notes.add("The settings changed during the recording, %,d times."
                    .formatted(recorded.policies().size() - 1));
        }
        return notes;
    }

    private void write(RunResult other, List<String> notes) throws IOException {
        RunStore store = RunStore.open(directory, PoolRecording.EXPERIMENT);
        store.save(recorded.result());
        store.save(other);
        String description = "What was recorded of pool %s, and the same run again under %s, in virtual time."
                .formatted(recorded.pool(), question.policy().label());
        ResultFiles.write(
                directory,
                new ExperimentDescription(PoolRecording.EXPERIMENT, description, notes),
                store,
                List.of(recorded.result().key(), other.key()));
    }
}
