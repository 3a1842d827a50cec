package io.gpuctl.audit.rules;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * According to the nodes' own reports, no attempt started or completed twice, and no two attempts of a task ran at the
 * same time. Exceptions are gangs, and attempts whose node was lost, restarted or shut down.
 */
final class AttemptOnceRule implements Rule {
    /** The reports of one start of one node on one attempt. A gang has several nodes. */
    private static final class Run {
        final Place startedAt;
        boolean isOver;

        Run(Place startedAt) {
            this.startedAt = startedAt;
        }
    }

    private static final class Runs {
        final Map<TaskReport.Source, Run> started = new LinkedHashMap<>();
        final Map<TaskReport.Source, Place> completed = new LinkedHashMap<>();
        /** The number of nodes that the attempt was placed on; 1 if its placement is no longer in the log. */
        int nodesPlaced = 1;
        /**
         * Whether the attempt may overlap with the next one. Its node was lost, so what it does is unknown, or its node
         * restarted, so it does not run. Or it was a gang: when one node fails, the other nodes stop while the gang is
         * placed again.
         */
        boolean isExcused;
    }

    private final Violations violations;
    private final Map<TaskId, Map<Integer, Runs>> tasks = new LinkedHashMap<>();

    AttemptOnceRule(Violations violations) {
        this.violations = violations;
    }

    @Override
    public String name() {
        return "attempt-once";
    }

    @Override
    public void afterFact(FactStep step) {
        ClusterEvent event = step.fact().event();
        if (event instanceof ClusterEvent.TaskSubmitted submitted) {
            tasks.remove(submitted.taskId());
        } else if (event instanceof ClusterEvent.TaskPlaced placed) {
            runs(new AttemptId(placed.taskId(), placed.attempt())).nodesPlaced =
                    placed.allocations().size();
        } else if (event instanceof ClusterEvent.TaskRequeued requeued) {
            Runs runs = runs(new AttemptId(requeued.taskId(), requeued.attempt()));
            runs.isExcused = excuses(requeued.reason()) || runs.nodesPlaced > 1;
        }
    }

    @Override
    public void onReport(Place place, TaskReport report) {
        switch (report) {
            case TaskReport.Started r -> start(place, r);
            case TaskReport.Progressed r -> {}
            case TaskReport.Checkpointed r -> {}
            case TaskReport.Completed r -> complete(place, r);
            case TaskReport.Failed r -> over(r);
            case TaskReport.Stopped r -> over(r);
            case TaskReport.Faulted r -> over(r);
        }
    }

    @Override
    public void forget(Predicate<TaskId> isKnown) {
        tasks.keySet().removeIf(isKnown.negate());
    }

    private static boolean excuses(EndReason reason) {
        return switch (reason) {
            case NODE_LOST, NODE_RESTARTED, NODE_SHUT_DOWN -> true;
            case TASK_FAILED, ATTEMPT_LOST, PREEMPTED, HARDWARE_FAULT, NODE_DRAINED -> false;
        };
    }

    private void start(Place place, TaskReport.Started report) {
        Runs runs = runs(report.attempt());
        if (runs.started.containsKey(report.source()) || runs.started.size() >= runs.nodesPlaced) {
            Place first = runs.started.values().iterator().next().startedAt;
            violations.add(
                    name(),
                    place,
                    "Attempt %s was already started at %s: %s".formatted(report.attempt(), first, report));
        }
        Run run = new Run(place);
        run.isOver = runs.completed.containsKey(report.source());
        runs.started.putIfAbsent(report.source(), run);
        tasks.getOrDefault(report.attempt().taskId(), Map.of()).forEach((number, other) -> {
            Runs earlier = number < report.attempt().number() ? other : runs;
            if (number != report.attempt().number() && !earlier.isExcused) {
                checkApart(place, report, number, other);
            }
        });
    }

    private void checkApart(Place place, TaskReport.Started report, int number, Runs other) {
        for (Run run : other.started.values()) {
            if (!run.isOver) {
                violations.add(
                        name(),
                        place,
                        "Attempt %s began while attempt %d ran, since %s: %s"
                                .formatted(report.attempt(), number, run.startedAt, report));
            }
        }
    }

    private void complete(Place place, TaskReport.Completed report) {
        Runs runs = runs(report.attempt());
        if (!runs.completed.isEmpty()
                && (runs.completed.containsKey(report.source()) || runs.completed.size() >= runs.nodesPlaced)) {
            Place first = runs.completed.values().iterator().next();
            violations.add(
                    name(),
                    place,
                    "Attempt %s was already completed at %s: %s".formatted(report.attempt(), first, report));
        }
        runs.completed.putIfAbsent(report.source(), place);
        over(report);
    }

    private void over(TaskReport report) {
        Run run = runs(report.attempt()).started.get(report.source());
        if (run != null) {
            run.isOver = true;
        }
    }

    private Runs runs(AttemptId attempt) {
        return tasks.computeIfAbsent(attempt.taskId(), taskId -> new TreeMap<>())
                .computeIfAbsent(attempt.number(), number -> new Runs());
    }
}
