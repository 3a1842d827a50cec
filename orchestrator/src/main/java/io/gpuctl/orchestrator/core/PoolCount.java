package io.gpuctl.orchestrator.core;

import io.gpuctl.events.CordonCause;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts a pool, one part of the queue at a time: counting a long queue at once would delay decisions. The result may
 * or may not show a change between two parts.
 */
public final class PoolCount {
    private final PoolState state;
    private final Map<Code, Integer> waiting = new EnumMap<>(Code.class);
    private final Map<Priority, Long> oldestSinceMs = new EnumMap<>(Priority.class);
    private final SmallestShapes asked;
    private @Nullable QueueEntry last;
    private long requested;
    private int inService;
    private long free;
    private long unusable;
    private int operatorNeeded;

    public PoolCount(PoolState state) {
        this.state = state;
        asked = new SmallestShapes(state.nodes());
    }

    /**
     * Counts the next part. Must not be called again after it has returned a result.
     *
     * @param queuedAtMs returns since when a queued task has been waiting, ms of cluster time
     * @param tasksMax maximum number of tasks to count in this call
     * @return the result, if there is nothing more to count
     */
    public Optional<PoolStatistics> advance(ToLongFunction<TaskId> queuedAtMs, int tasksMax) {
        NavigableSet<QueueEntry> rest =
                last == null ? state.queue() : state.queue().tailSet(last, false);
        int counted = 0;
        for (QueueEntry entry : rest) {
            if (counted == tasksMax) {
                return Optional.empty();
            }
            addQueued(entry, queuedAtMs.applyAsLong(entry.taskId()));
            last = entry;
            counted++;
        }
        int backingOff = state.backingOff().size();
        if (backingOff > 0) {
            waiting.merge(Code.BACKING_OFF, backingOff, Integer::sum);
        }
        state.nodes().forEach(this::addNode);
        return Optional.of(
                new PoolStatistics(waiting, oldestSinceMs, requested, inService, free, unusable, operatorNeeded));
    }

    private void addQueued(QueueEntry entry, long sinceMs) {
        TaskRecord task = state.task(entry.taskId());
        if (task == null) {
            return;
        }
        waiting.merge(task.reason() == null ? Code.AWAITING_PASS : task.reason().code(), 1, Integer::sum);
        oldestSinceMs.merge(entry.priority(), sinceMs, Math::min);
        requested += task.spec().gpus().totalMilli();
        asked.add(task.spec());
    }

    private void addNode(Node node) {
        Cordon cordon = node.upkeep().cordon();
        boolean isOperatorsChoice = cordon == null || cordon.cause() == CordonCause.OPERATOR;
        if (cordon != null && cordon.tries() > state.settings().health().triesMax()) {
            operatorNeeded++;
        }
        if (node.state() == NodeState.UP && isOperatorsChoice) {
            inService += node.gpuCount() - node.upkeep().gpusOut().size();
        }
        if (node.state() == NodeState.UP && cordon == null) {
            addFree(node);
        }
    }

    private void addFree(Node node) {
        long freeMilli = 0;
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            freeMilli += Math.clamp(node.freeMilli(gpu), 0, GpuRequest.WHOLE);
        }
        free += freeMilli;
        if (freeMilli > 0 && !asked.isEmpty() && !asked.anyFits(node)) {
            unusable += freeMilli;
        }
    }
}
