package io.gpuctl.cli.workload;

import io.gpuctl.events.TaskState;
import java.util.Arrays;
import java.util.Map;

/**
 * How a workload stands.
 *
 * @param atMs time of the newest fact, ms of cluster time
 * @param tasksTotal tasks in the workload, submitted or not
 * @param tasksByState of the workload, as the log has them; a task that was not submitted yet is in none
 * @param allocatedMilli thousandths of GPUs that are allocated now, to tasks of any origin
 * @param capacityMilli of all nodes
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
