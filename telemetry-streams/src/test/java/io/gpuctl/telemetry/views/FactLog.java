package io.gpuctl.telemetry.views;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A pool's log as an orchestrator writes it: sequences without gaps, one fact per second. */
public final class FactLog {
    public static final int GPUS_PER_NODE = 8;

    private final PoolId pool;
    private final List<Fact> facts = new ArrayList<>();

    public FactLog(PoolId pool) {
        this.pool = pool;
    }

    public List<Fact> facts() {
        return List.copyOf(facts);
    }

    public Fact last() {
        return facts.getLast();
    }

    public FactLog add(ClusterEvent... events) {
        for (ClusterEvent event : events) {
            add(Cause.TIMER, event);
        }
        return this;
    }

    public FactLog add(Cause cause, ClusterEvent event) {
        long sequence = facts.size() + 1L;
        facts.add(new Fact(pool, sequence, sequence * 1_000, cause, event));
        return this;
    }

    public FactLog configured(int finishedTasksKept) {
        return configured(finishedTasksKept, 0);
    }

    /**
     * Configures the pool to forget finished tasks after this time, too. A fact is a second later than the one before.
     */
    public FactLog configured(int finishedTasksKept, long finishedTasksKeptMs) {
        PoolSettings settings =
                PoolSettings.withPolicy(PolicySpec.named("fifo")).remembering(finishedTasksKept, finishedTasksKeptMs);
        return add(new ClusterEvent.PoolConfigured(pool, settings));
    }

    public FactLog registered(String node, long incarnation) {
        return add(new ClusterEvent.NodeRegistered(inventory(node, pool), incarnation, 0));
    }

    public FactLog submitted(String task) {
        return add(new ClusterEvent.TaskSubmitted(spec(task, pool)));
    }

    public FactLog placed(String task, int attempt, String node, long incarnation, int... gpus) {
        return add(new ClusterEvent.TaskPlaced(
                new TaskId(task), attempt, List.of(allocation(node, incarnation, gpus)), Collections.emptySortedMap()));
    }

    public FactLog started(String task, int attempt) {
        return add(new ClusterEvent.TaskStarted(new TaskId(task), attempt));
    }

    public FactLog completed(String task, int attempt) {
        return add(new ClusterEvent.TaskCompleted(new TaskId(task), attempt, 0));
    }

    /** Adds a requeue without delay. */
    public FactLog requeued(String task, int attempt, EndReason reason) {
        return add(new ClusterEvent.TaskRequeued(new TaskId(task), attempt, reason, "", 0, 0, 0));
    }

    public static Allocation allocation(String node, long incarnation, int... gpus) {
        List<Integer> indices = Arrays.stream(gpus).boxed().toList();
        return new Allocation(new NodeId(node), incarnation, indices, GpuRequest.WHOLE, 1_024, 0, 0);
    }

    public static NodeInventory inventory(String node, PoolId pool) {
        return new NodeInventory(
                new NodeId(node), pool, "A100", GPUS_PER_NODE, 81_920, 128_000, 1_048_576, 60, 400, 25, 85);
    }

    public static TaskSpec spec(String task, PoolId pool) {
        TaskSpec spec = TaskSpec.of(new TaskId(task), GpuRequest.whole(1, 1_024), Work.lasting(60_000));
        return new TaskSpec(
                spec.taskId(),
                pool,
                spec.user(),
                spec.priority(),
                spec.gpus(),
                0,
                0,
                spec.gpuModels(),
                spec.maxAttempts(),
                spec.work());
    }

    public static AttemptId attempt(String task, int number) {
        return new AttemptId(new TaskId(task), number);
    }
}
