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
 * Facts follow only from reports of the node that got the attempt: the report has the token of the command that started
 * the attempt. Commands are retained for some days only, so older facts cannot be checked; the rule counts them.
 */
final class TokenRule implements Rule {
    /**
     * Maximum number of facts whose command has not been read yet. Both topics have the same order, so there are few of
     * them.
     */
    private static final int OPEN_MAX = 10_000;

    private final Violations violations;
    private final Counts counts;
    private final Map<Given, Told> told = new LinkedHashMap<>();
    private final List<Open> open = new ArrayList<>();

    /** The attempt and the start of the node that a command is about. */
    private record Given(NodeId nodeId, long incarnation, AttemptId attempt) {}

    /** @param started whether the command to start the attempt was read, not only a command to stop it */
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

    /** Remembers the token of a command to a node. */
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
        if (its == null || (!its.started() && token.isEmpty())) { // An older version used no tokens.
            counts.reportsNotCompared++;
        } else if (!its.token().isEmpty() && !its.token().equals(token)) {
            violations.add(
                    name(),
                    place,
                    "Its cause is a report of attempt %s without the token that node %s got for the attempt"
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
