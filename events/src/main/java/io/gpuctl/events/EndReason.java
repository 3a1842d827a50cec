package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The reason why an attempt ended without success. */
public enum EndReason {
    /**
     * The program ended with an exit code other than 0, or the node refused to start it; the failure counts against the
     * task.
     */
    @JsonProperty("task_failed")
    TASK_FAILED,
    /** The node fell silent. */
    @JsonProperty("node_lost")
    NODE_LOST,
    /** The node restarted, and the attempt was gone. */
    @JsonProperty("node_restarted")
    NODE_RESTARTED,
    /** The node stopped on purpose. */
    @JsonProperty("node_shut_down")
    NODE_SHUT_DOWN,
    /** The node is alive, but does not run the attempt, and did not report its end. */
    @JsonProperty("attempt_lost")
    ATTEMPT_LOST,
    /** The attempt made room for a task that comes before it; saved work is kept. */
    @JsonProperty("preempted")
    PREEMPTED,
    /** Hardware of the attempt's node failed. */
    @JsonProperty("hardware_fault")
    HARDWARE_FAULT,
    /** One of the attempt's nodes was drained; saved work is kept. */
    @JsonProperty("node_drained")
    NODE_DRAINED;

    /**
     * Returns whether the attempt ended because it was told to give up its GPUs: {@link ClusterEvent.PreemptRequested}.
     */
    public boolean wasRequested() {
        return switch (this) {
            case PREEMPTED, NODE_DRAINED -> true;
            case TASK_FAILED, NODE_LOST, NODE_RESTARTED, NODE_SHUT_DOWN, ATTEMPT_LOST, HARDWARE_FAULT -> false;
        };
    }
}
