package io.gpuctl.cli.workload;

import io.gpuctl.events.TaskState;
import java.util.Arrays;
import java.util.Map;

/**
 * The current state of a workload.
 *
 * @param atMs time of the newest fact, ms of cluster time
 * @param tasksTotal tasks in the workload, submitted or not
 * @param tasksByState the workload's tasks in the log, by state; tasks not submitted yet are not included
 * @param allocatedMilli thousandths of GPUs that are allocated now, to tasks of any origin
 * @param capacityMilli thousandths of GPUs of all nodes
 */
record RunStatus(
        long atMs, int tasksTotal, Map<TaskState, Integer> tasksByState, long allocatedMilli, long capacityMilli) {

    int in(TaskState state) {
        return tasksByState.getOrDefault(state, 0);
    }

    int submitted() {
        return tasksByState.values().stream().mapToInt(Integer::intValue).sum();
    }

    int inFinalState() {
        return Arrays.stream(TaskState.values())
                .filter(TaskState::isFinal)
                .mapToInt(this::in)
                .sum();
    }

    boolean isComplete() {
        return inFinalState() == tasksTotal;
    }

    /** 0 to 1. */
    double allocatedShare() {
        return capacityMilli == 0 ? 0 : (double) allocatedMilli / capacityMilli;
    }
}
