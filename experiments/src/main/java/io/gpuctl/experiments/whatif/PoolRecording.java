package io.gpuctl.experiments.whatif;

import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.log.LogRecord;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.experiments.result.Metrics;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.RunTotals;
import io.gpuctl.experiments.result.TaskOutcome;
import io.gpuctl.experiments.result.Utilisation;
import io.gpuctl.experiments.run.OutcomeFold;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Extracts from a recorded log the inputs of a pool and the outcomes of its tasks. */
final class PoolRecording {
    static final String EXPERIMENT = "replay";

    private static final double MS_PER_SECOND = 1_000;

    private final PoolId pool;
    private final List<TaskSpec> tasks = new ArrayList<>();
    private final Map<TaskId, Long> submittedAtMs = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    /** Cancellations, by the offset of their command. */
    private final Map<Long, Step> cancellations = new TreeMap<>();

    private final SortedMap<NodeId, NodeStory> nodes = new TreeMap<>();
    private final SortedMap<NodeId, Integer> gpus = new TreeMap<>();
    private final Set<PolicySpec> policies = new LinkedHashSet<>();
    private final List<AllocationChange> allocated = new ArrayList<>();
    private @Nullable PoolSettings settings;
    private @Nullable OutcomeFold outcomes;
    private long beginMs;
    private long endMs;
    private long sequence;

    /**
     * A change of the allocated GPUs: {@code milli} thousandths of a GPU from {@code atMs} on (ms since the beginning).
     */
    private record AllocationChange(long atMs, long milli) {}

    private PoolRecording(PoolId pool) {
        this.pool = pool;
    }

    /**
     * Reads the recording of a pool.
     *
     * @param pool null for the only pool of the log
     * @throws WhatIfException if the log has no such pool, or has several and {@code pool} is null
     * @throws EventLogException if the log has no topic of facts
     */
    static RecordedPool read(EventLogReader log, @Nullable PoolId pool) {
        int partitions = log.partitions(Topics.CLUSTER_EVENTS.name()).size();
        SortedMap<PoolId, PoolRecording> found = new TreeMap<>();
        Map<PoolId, Integer> where = new LinkedHashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            int here = partition;
            try (Stream<LogRecord<Fact>> facts = log.facts(partition)) {
                facts.filter(LogRecord::isReadable).forEach(record -> {
                    Fact fact = record.value();
                    where.put(fact.pool(), here);
                    if (pool == null || pool.equals(fact.pool())) {
                        found.computeIfAbsent(fact.pool(), PoolRecording::new).take(fact);
                    }
                });
            }
        }
        if (found.size() != 1) {
            throw new WhatIfException(noSingle(pool, where.keySet()));
        }
        PoolRecording recording = found.values().iterator().next();
        recording.readCommands(log, where.getOrDefault(recording.pool, 0));
        return recording.finish();
    }

    private static String noSingle(@Nullable PoolId pool, Set<PoolId> there) {
        String names = new TreeSet<>(there).stream().map(PoolId::value).collect(Collectors.joining(", "));
        if (there.isEmpty()) {
            return "The log has no facts";
        }
        return pool == null
                ? "The log has several pools: choose one with --pool: " + names
                : "The log has no pool %s; its pools: %s".formatted(pool, names);
    }

    private void take(Fact fact) {
        if (fact.sequence() != sequence + 1) {
            throw new WhatIfException("The log of pool %s is incomplete: fact %d follows fact %d"
                    .formatted(pool, fact.sequence(), sequence));
        }
        sequence = fact.sequence();
        if (outcomes == null) {
            beginMs = fact.atMs();
            outcomes = new OutcomeFold(beginMs, (atMs, milli) -> allocated.add(new AllocationChange(atMs, milli)));
        }
        endMs = fact.atMs();
        outcomes.accept(fact);
        take(fact.event(), fact);
    }

    private void take(ClusterEvent event, Fact fact) {
        switch (event) {
            case ClusterEvent.OrchestratorStarted _ -> {}
            case ClusterEvent.ClockSetBack _ -> {}
            case ClusterEvent.PoolConfigured e -> {
                settings = e.settings();
                policies.add(e.settings().policy());
            }
            case ClusterEvent.SchedulerRan e -> {
                if (settings().manual()) {
                    steps.add(new Step(fact.atMs(), (cluster, ms) -> cluster.runScheduler(ms, e.requestId())));
                }
            }
            case ClusterEvent.TaskSubmitted e -> submit(e.task(), fact.atMs());
            case ClusterEvent.TaskRejected e -> submit(e.task(), fact.atMs());
            case ClusterEvent.CancelRequested e -> cancel(e.taskId(), fact);
            case ClusterEvent.TaskCancelled e -> cancel(e.taskId(), fact);
            case ClusterEvent.PendingReasonChanged _,
                    ClusterEvent.TaskPlaced _,
                    ClusterEvent.TaskStarted _,
                    ClusterEvent.TaskCheckpointed _,
                    ClusterEvent.TaskCompleted _,
                    ClusterEvent.PreemptRequested _,
                    ClusterEvent.TaskRequeued _,
                    ClusterEvent.RetryDue _,
                    ClusterEvent.TaskFailed _,
                    ClusterEvent.OfMember _ -> {}
            case ClusterEvent.OfNode e -> {
                if (e instanceof ClusterEvent.NodeRegistered registered) {
                    gpus.put(e.nodeId(), registered.inventory().gpuCount());
                }
                nodes.computeIfAbsent(e.nodeId(), NodeStory::new)
                        .add(
                                e,
                                fact.atMs(),
                                fact.cause().source().equals(Topics.TASK_COMMANDS.name()),
                                settings().suspectAfterMs());
            }
        }
    }

    private void submit(TaskSpec task, long atMs) {
        tasks.add(task);
        submittedAtMs.put(task.taskId(), atMs);
        steps.add(new Step(atMs, (cluster, ms) -> cluster.submit(ms, task)));
    }

    /**
     * Notes a cancellation if a user's command caused the fact. Other facts report only that a cancelled task has
     * ended.
     */
    private void cancel(TaskId taskId, Fact fact) {
        Cause cause = fact.cause();
        if (cause.source().equals(Topics.TASK_COMMANDS.name())) {
            cancellations.put(cause.offset(), new Step(fact.atMs(), (cluster, ms) -> cluster.cancel(ms, taskId)));
        }
    }

    /**
     * Adds the commands to cancel tasks that had already ended. These led to no fact, but may do so under another
     * policy.
     */
    private void readCommands(EventLogReader log, int partition) {
        if (log.manifest().topic(Topics.TASK_COMMANDS.name()).isPresent()) {
            try (Stream<LogRecord<TaskCommand>> commands =
                    log.records(Topics.TASK_COMMANDS.name(), partition, TaskCommand.class)) {
                commands.filter(LogRecord::isReadable).forEach(record -> {
                    if (record.value() instanceof TaskCommand.CancelTask command
                            && command.pool().equals(pool)
                            && submittedAtMs.containsKey(command.taskId())) {
                        cancellations.putIfAbsent(record.offset(), cancellation(command));
                    }
                });
            }
        }
        steps.addAll(cancellations.values());
    }

    private Step cancellation(TaskCommand.CancelTask command) {
        long notBeforeMs = submittedAtMs.getOrDefault(command.taskId(), beginMs);
        return new Step(Math.max(command.atMs(), notBeforeMs), (cluster, ms) -> cluster.cancel(ms, command.taskId()));
    }

    private PoolSettings settings() {
        if (settings == null) {
            throw new WhatIfException("The log of pool %s does not contain the pool's settings".formatted(pool));
        }
        return settings;
    }

    private RecordedPool finish() {
        OutcomeFold fold = outcomes;
        if (fold == null) {
            throw new WhatIfException("The log has no facts of pool %s".formatted(pool));
        }
        double all = gpus.values().stream().mapToInt(Integer::intValue).sum();
        List<TaskOutcome> fates = fold.outcomes();
        int unfinished =
                (int) fates.stream().filter(fate -> fate.endSeconds() == null).count();
        return new RecordedPool(
                pool,
                beginMs,
                endMs,
                List.copyOf(policies),
                settings(),
                tasks,
                steps,
                nodes,
                all,
                unfinished,
                result(fold, fates, all));
    }

    private RunResult result(OutcomeFold fold, List<TaskOutcome> fates, double all) {
        var utilisation = new Utilisation(all, 0);
        allocated.forEach(change ->
                utilisation.allocated(change.atMs() / MS_PER_SECOND, (double) change.milli() / GpuRequest.WHOLE));
        utilisation.end((endMs - beginMs) / MS_PER_SECOND);
        var totals = new RunTotals(utilisation.meanAllocatedPercent(), fold.preemptions(), fold.wastedGpuHours(), null);
        String names = policies.stream().map(PolicySpec::name).distinct().collect(Collectors.joining(", "));
        var key = new RunKey(
                EXPERIMENT,
                pool.value(),
                "recorded (%s)".formatted(names),
                null,
                settings().policy().seed());
        return new RunResult(key, Metrics.of(fates, totals), fates, utilisation.points(), List.of());
    }
}
