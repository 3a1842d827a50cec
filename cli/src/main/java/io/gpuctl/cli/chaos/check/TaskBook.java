package io.gpuctl.cli.chaos.check;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the facts say about one task. */
final class TaskBook {
    /** Where a task is in its life. Named as in the API. */
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

    /** What a node of a gang does. */
    enum Part {
        PLACED,
        STARTED,
        COMPLETED,
        STOPPED;

        boolean isOver() {
            return this == COMPLETED || this == STOPPED;
        }
    }

    /** The submission as JSON, in the order of fields in which it was written. */
    final String specification;

    final int gpus;
    final int milliPerGpu;
    State state;
    int attempt;
    /** Nodes of the current attempt, in the order of the placement; empty if it holds nothing. */
    final Map<String, Part> parts = new LinkedHashMap<>(2);

    /** How many tasks of its pool had ended when this one did; -1 before that. */
    long endedAs = -1;

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
