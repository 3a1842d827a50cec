package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import java.util.ArrayList;
import java.util.List;

/** Records the result of a pass for a task: its place, or why it has none. */
final class Verdicts {
    private final PoolState state;

    Verdicts(PoolState state) {
        this.state = state;
    }

    void place(TaskRecord task, Placement.Place place, Facts facts) {
        facts.add(new ClusterEvent.TaskPlaced(
                task.id(), task.attempt() + 1, allocations(task.spec(), place), place.score()));
    }

    static List<Allocation> allocations(TaskSpec task, Placement.Place place) {
        List<Allocation> allocations = new ArrayList<>(place.parts().size());
        for (Placement.Part part : place.parts()) {
            allocations.add(allocation(
                    place.parts().size() == 1
                            ? Shape.of(task)
                            : Shape.of(task).part(part.gpus().size()),
                    part));
        }
        return allocations;
    }

    private static Allocation allocation(Shape shape, Placement.Part part) {
        return new Allocation(
                part.node().id(),
                part.node().incarnation(),
                part.gpus(),
                shape.gpus().milli(),
                shape.gpus().memoryMib(),
                shape.cpuMilli(),
                shape.memoryMib());
    }

    /**
     * Records why a task waits. A new code is recorded at once. New numbers for the same code are recorded at most once
     * per {@link io.gpuctl.events.PoolSettings#suspectAfterMs}, because the log is kept forever.
     */
    void explain(TaskId taskId, PendingReason reason, Facts facts) {
        TaskRecord task = state.task(taskId);
        if (task == null || task.state() != TaskState.QUEUED || reason.equals(task.reason())) {
            return;
        }
        PendingReason before = task.reason();
        boolean newCode = before == null || before.code() != reason.code();
        if (newCode || facts.atMs() - task.reasonAtMs() >= state.settings().suspectAfterMs()) {
            facts.add(new ClusterEvent.PendingReasonChanged(task.id(), reason));
        }
    }
}
