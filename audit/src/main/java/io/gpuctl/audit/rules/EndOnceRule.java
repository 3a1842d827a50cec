package io.gpuctl.audit.rules;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.TaskId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** A task ends only once. If the pool has forgotten a task id, a new submission of this id is another task. */
final class EndOnceRule implements Rule {
    private final Violations violations;
    private final Map<TaskId, Place> ended = new LinkedHashMap<>();

    EndOnceRule(Violations violations) {
        this.violations = violations;
    }

    @Override
    public String name() {
        return "end-once";
    }

    @Override
    public void beforeFact(FactStep step) {
        if (!(step.fact().event() instanceof ClusterEvent.OfTask event)) {
            return;
        }
        if (event instanceof ClusterEvent.TaskSubmitted || event instanceof ClusterEvent.TaskRejected) {
            if (!step.pool().state().isKnown(event.taskId())) {
                ended.remove(event.taskId());
            }
        }
        Place before = isEnd(event) ? ended.putIfAbsent(event.taskId(), step.place()) : ended.get(event.taskId());
        if (before != null) {
            violations.add(
                    name(),
                    step.place(),
                    "Task %s had already ended at %s: %s".formatted(event.taskId(), before, event));
        }
    }

    @Override
    public void forget(Predicate<TaskId> isKnown) {
        ended.keySet().removeIf(isKnown.negate());
    }

    static boolean isEnd(ClusterEvent.OfTask event) {
        return event instanceof ClusterEvent.TaskCompleted
                || event instanceof ClusterEvent.TaskFailed
                || event instanceof ClusterEvent.TaskCancelled
                || event instanceof ClusterEvent.TaskRejected;
    }
}
