package io.gpuctl.audit.rules;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a report follows from one of the node that was given the attempt: the report has the token of the command
 * that gave it. Commands are kept for days only, so facts that are older cannot be compared, which is counted.
 */
final class TokenRule implements Rule {
    /** Facts whose command has not been read yet. Both topics have one order, so they are few. */
    private static final int OPEN_MAX = 10_000;

    private final Violations violations;
    private final Counts counts;
    private final Map<Given, Told> told = new LinkedHashMap<>();
    private final List<Open> open = new ArrayList<>();

    /** What a command is about. */
    private record Given(NodeId nodeId, long incarnation, AttemptId attempt) {}

    /** @param started whether the command that gave the node the attempt was read, not only one to stop it */
    private record Told(String token, boolean started) {}

    private record Open(Place place, TaskReport report) {}

    TokenRule(Counts counts, Violations violations) {
        this.counts = counts;
        this.violations = violations;
    }

    @Override
    public String name() {
        return "token";
    }

    /** The node was told that. */
    void told(NodeCommand command) {
        var given = new Given(command.nodeId(), command.incarnation(), command.attempt());
        switch (command) {
            case NodeCommand.StartAttempt _ -> told.put(given, new Told(command.token(), true));
            case NodeCommand.StopAttempt _ -> told.putIfAbsent(given, new Told(command.token(), false));
        }
    }

    @Override
    public void beforeFact(FactStep step) {
        if (step.cause() == null || !(step.cause().value() instanceof TaskReport report)) {
            return;
        }
        if (told(report) == null && open.size() < OPEN_MAX) {
            open.add(new Open(step.place(), report));
        } else {
            compare(step.place(), report);
        }
    }

    private @Nullable Told told(TaskReport report) {
        TaskReport.Source source = report.source();
        return told.get(new Given(source.nodeId(), source.incarnation(), report.attempt()));
    }

    private void compare(Place place, TaskReport report) {
        Told its = told(report);
        String token = report.source().token();
        if (its == null || (!its.started() && token.isEmpty())) { // An older version gave no tokens.
            counts.reportsNotCompared++;
        } else if (!its.token().isEmpty() && !its.token().equals(token)) {
            violations.add(
                    name(),
                    place,
                    "It follows from a report of attempt %s that has not the token which node %s was given with it"
                            .formatted(report.attempt(), report.source().nodeId()));
        }
    }

    @Override
    public void forget(Predicate<TaskId> isKnown) {
        open.forEach(waiting -> compare(waiting.place(), waiting.report()));
        open.clear();
        told.keySet().removeIf(given -> !isKnown.test(given.attempt().taskId()));
    }

    @Override
    public void onEnd() {
        open.forEach(waiting -> compare(waiting.place(), waiting.report()));
        open.clear();
    }
}
