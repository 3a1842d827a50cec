package io.gpuctl.cli.chaos.check;

import java.util.LinkedHashMap;
import java.util.Map;

/** The state of one task according to the facts. */
final class TaskBook {
    /** The states of a task, named as in the API. */
    enum State {
        QUEUED,
        BACKING_OFF,
        PLACED,
        RUNNING,
        PREEMPTING,
        CANCELLING,
        COMPLETED,
        FAILED,
        CANCELLED,
        REJECTED;

        boolean isFinal() {
            return switch (this) {
                case QUEUED, BACKING_OFF, PLACED, RUNNING, PREEMPTING, CANCELLING -> false;
                case COMPLETED, FAILED, CANCELLED, REJECTED -> true;
            };
        }
    }

    /** The states of a gang's part on one node. */
    enum Part {
        PLACED,
        STARTED,
        COMPLETED,
        STOPPED;

        boolean isOver() {
            return this == COMPLETED || this == STOPPED;
        }
    }

    /** The submission as JSON, with the fields in their original order. */
    final String specification;

    final int gpus;
    final int milliPerGpu;
    State state;
    int attempt;
    /** The nodes of the current attempt, in the order of the placement; empty if the task holds nothing. */
    final Map<String, Part> parts = new LinkedHashMap<>(2);

    /** The number of tasks of its pool that had ended before this one; -1 while the task has not ended. */
    long endedAs = -1;

    /** When the task ended, ms of cluster time. */
    long endedAtMs;

    TaskBook(String specification, int gpus, int milliPerGpu, State state) {
        this.specification = specification;
        this.gpus = gpus;
        this.milliPerGpu = milliPerGpu;
        this.state = state;
    }

    boolean isGang() {
        return parts.size() > 1;
    }
}
