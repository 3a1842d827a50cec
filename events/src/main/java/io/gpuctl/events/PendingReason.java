package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a task does not run (yet).
 *
 * @param code the reason that ruled out most nodes, or one that is not about nodes
 * @param nodesRuledOut how many nodes each reason ruled out; each node is counted once, under the first reason that
 *     applies, in the order of {@link Code}
 */
public record PendingReason(Code code, Map<Code, Integer> nodesRuledOut) {
    // Every task begins with the first of these.
    private static final PendingReason AWAITING_PASS = of(Code.AWAITING_PASS);
    private static final PendingReason BACKING_OFF = of(Code.BACKING_OFF);

    public PendingReason {
        Check.present("code", code);
        Map<Code, Integer> ordered = new EnumMap<>(Code.class);
        ordered.putAll(Check.present("nodes_ruled_out", nodesRuledOut));
        nodesRuledOut = Collections.unmodifiableMap(ordered);
    }

    /** Returns a reason that is not about single nodes. */
    public static PendingReason of(Code code) {
        return new PendingReason(code, Map.of());
    }

    /** Returns why a task that has just entered this state waits; null for a state in which no task waits. */
    public static @Nullable PendingReason onEntering(TaskState state) {
        return switch (state) {
            case QUEUED -> AWAITING_PASS;
            case BACKING_OFF -> BACKING_OFF;
            case PLACED, RUNNING, PREEMPTING, CANCELLING, COMPLETED, FAILED, CANCELLED, REJECTED -> null;
        };
    }

    /** Counts the nodes that each obstacle rules out. Not thread-safe. */
    public static final class Tally {
        private final Map<Code, Integer> nodes = new EnumMap<>(Code.class);

        public void add(Code obstacle) {
            nodes.merge(obstacle, 1, Integer::sum);
        }

        /** Removes an obstacle that was added. */
        public void remove(Code obstacle) {
            nodes.computeIfPresent(obstacle, (code, count) -> count == 1 ? null : count - 1);
        }

        /** Returns the obstacle of most nodes, the first one on a tie; {@link Code#NO_NODES} if no node was counted. */
        public PendingReason reason() {
            Code most = Code.NO_NODES;
            int count = 0;
            for (Map.Entry<Code, Integer> entry : nodes.entrySet()) {
                if (entry.getValue() > count) {
                    most = entry.getKey();
                    count = entry.getValue();
                }
            }
            return new PendingReason(most, nodes);
        }
    }

    /** The reasons, in the order in which the scheduler examines a node for them. */
    public enum Code {
        /** The pool has no nodes. */
        @JsonProperty("NoNodes")
        NO_NODES,
        /** The scheduler has not examined the task yet. */
        @JsonProperty("AwaitingPass")
        AWAITING_PASS,
        /** Scheduling passes run only on request. */
        @JsonProperty("SchedulerManual")
        SCHEDULER_MANUAL,
        /** An earlier task in the queue does not fit, and the order is strict. */
        @JsonProperty("BehindInQueue")
        BEHIND_IN_QUEUE,
        /** An attempt failed, and the delay before the next attempt has not passed. */
        @JsonProperty("BackingOff")
        BACKING_OFF,
        /** Tasks that come after this one are being stopped to make room for it. */
        @JsonProperty("AwaitingPreemption")
        AWAITING_PREEMPTION,
        /** The node is suspect, lost or down. */
        @JsonProperty("NodeNotReady")
        NODE_NOT_READY,
        /** The node is cordoned: it gets no new tasks. */
        @JsonProperty("NodeCordoned")
        NODE_CORDONED,
        /** The node has as many attempts as a node may have, see {@link NodeInventory#MAX_ATTEMPTS}. */
        @JsonProperty("TooManyTasks")
        TOO_MANY_TASKS,
        @JsonProperty("GpuModelMismatch")
        GPU_MODEL_MISMATCH,
        @JsonProperty("InsufficientCpu")
        INSUFFICIENT_CPU,
        @JsonProperty("InsufficientMemory")
        INSUFFICIENT_MEMORY,
        /** Too little GPU memory: on all GPUs of the node, or on all GPUs with room. */
        @JsonProperty("InsufficientGpuMemory")
        INSUFFICIENT_GPU_MEMORY,
        /** Too few of the node's GPUs have room; a GPU that is out of service has none. */
        @JsonProperty("InsufficientGpus")
        INSUFFICIENT_GPUS,
        /** The GPUs with room are too near their slowdown temperature for this policy. */
        @JsonProperty("GpuTooHot")
        GPU_TOO_HOT
    }
}
