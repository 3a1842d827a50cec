package io.gpuctl.experiments.engine;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.TaskId;
import io.gpuctl.simulator.model.EnergyMeter;
import io.gpuctl.simulator.model.NodeEnergy;
import io.gpuctl.simulator.model.NodeModel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adds up the energy that tasks and nodes draw, and the time for which heat slowed GPUs. The sums include attempts that
 * have ended and nodes that are gone.
 */
final class EnergyLedger implements EnergyMeter {
    private final Map<TaskId, Long> tasks;
    private long gpus;
    private long idle;
    private long slowedMs;

    EnergyLedger() {
        this(new LinkedHashMap<>());
    }

    private EnergyLedger(Map<TaskId, Long> tasks) {
        this.tasks = tasks;
    }

    @Override
    public void ended(AttemptId attempt, long microjoules) {
        tasks.merge(attempt.taskId(), microjoules, Long::sum);
    }

    /** Adds the totals of a node that stops, and of all attempts on the node. */
    void close(NodeModel node, long nowMs) {
        node.advance(nowMs);
        add(node, nowMs);
    }

    private void add(NodeModel node, long nowMs) {
        node.attemptMicrojoules(nowMs).forEach(this::ended);
        NodeEnergy drawn = node.energy(nowMs);
        gpus += drawn.gpus();
        idle += drawn.idle();
        slowedMs += node.slowedMs(nowMs);
    }

    /** Returns the totals until now, including those of the nodes that are up. */
    PoolEnergy read(Iterable<NodeModel> up, long nowMs) {
        var now = new EnergyLedger(new LinkedHashMap<>(tasks));
        now.gpus = gpus;
        now.idle = idle;
        now.slowedMs = slowedMs;
        up.forEach(node -> now.add(node, nowMs));
        return new PoolEnergy(now.gpus, now.idle, now.tasks, now.slowedMs);
    }
}
