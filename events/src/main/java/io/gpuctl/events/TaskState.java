package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The states of a task. A task is in exactly one state. */
public enum TaskState {
    /** Accepted; waits for room. */
    @JsonProperty("queued")
    QUEUED,
    /** An attempt failed; the next one waits until its delay has passed. */
    @JsonProperty("backing_off")
    BACKING_OFF,
    /** Has GPUs; its nodes were told to start it. */
    @JsonProperty("placed")
    PLACED,
    @JsonProperty("running")
    RUNNING,
    /** Must give up its GPUs: its nodes were told to stop it, and it is queued again once they confirm. */
    @JsonProperty("preempting")
    PREEMPTING,
    /** Its nodes were told to stop it; its GPUs are free once the nodes confirm. */
    @JsonProperty("cancelling")
    CANCELLING,
    @JsonProperty("completed")
    COMPLETED,
    /** Ended without success: no attempts are left. */
    @JsonProperty("failed")
    FAILED,
    @JsonProperty("cancelled")
    CANCELLED,
    /** Can never run in this pool. */
    @JsonProperty("rejected")
    REJECTED;

    /** Returns whether the state is final: no step leads out of it. */
    public boolean isFinal() {
        return switch (this) {
            case QUEUED, BACKING_OFF, PLACED, RUNNING, PREEMPTING, CANCELLING -> false;
            case COMPLETED, FAILED, CANCELLED, REJECTED -> true;
        };
    }

    /** Returns whether the task holds GPUs. */
    public boolean holdsGpus() {
        return switch (this) {
            case PLACED, RUNNING, PREEMPTING, CANCELLING -> true;
            case QUEUED, BACKING_OFF, COMPLETED, FAILED, CANCELLED, REJECTED -> false;
        };
    }
}
