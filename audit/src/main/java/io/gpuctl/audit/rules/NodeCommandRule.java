package io.gpuctl.audit.rules;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes got exactly the commands that follow from the facts, each command once. Facts and commands have the same
 * order, so the rule reads both topics in parallel, and keeps unmatched ones until the counterpart comes.
 */
final class NodeCommandRule implements Rule {
    /** An expected command, and the fact that it follows from. */
    private record Expected(FactStep step, NodeCommand command) {}

    private final Violations violations;
    private final Cursor<NodeCommand> actual;
    private final PartitionRule partitions;
    private final TokenRule tokens;
    private final Counts counts;
    private boolean aligned;
    private final Map<NodeCommand, Expected> missing = new LinkedHashMap<>();
    private final Map<NodeCommand, Place> unexpected = new LinkedHashMap<>();

    NodeCommandRule(
            Cursor<NodeCommand> actual,
            PartitionRule partitions,
            TokenRule tokens,
            Counts counts,
            Violations violations) {
        this.actual = actual;
        this.tokens = tokens;
        this.partitions = partitions;
        this.counts = counts;
        this.violations = violations;
        aligned = actual.log().beginOffset() == 0;
    }

    @Override
    public String name() {
        return "node-command";
    }

    @Override
    public void afterFact(FactStep step) {
        Fact fact = step.fact();
        if (fact.event() instanceof ClusterEvent.TaskPlaced placed) {
            expectStarts(step, placed);
        } else if (fact.event() instanceof ClusterEvent.PreemptRequested preempt) {
            expectStops(step, preempt.taskId());
        } else if (fact.event() instanceof ClusterEvent.CancelRequested cancel) {
            expectStops(step, cancel.taskId());
        } else if (fact.event() instanceof ClusterEvent.StrayStopped stray) {
            expect(
                    step,
                    new NodeCommand.StopAttempt(
                            fact.pool(), stray.nodeId(), stray.incarnation(), stray.attempt(), fact.atMs()));
        }
    }

    @Override
    public void onEnd() {
        for (Entry<NodeCommand> entry = next(); entry != null; entry = next()) {
            reconcile(entry);
        }
        missing.values()
                .forEach(expected -> violations.add(
                        name(),
                        expected.step().place(),
                        "The node never got a command: %s is not in placements".formatted(expected.command())));
        unexpected.forEach((command, place) -> violations.add(
                name(), place, "No fact led to this command, or the command was sent before: " + command));
    }

    private void expectStarts(FactStep step, ClusterEvent.TaskPlaced placed) {
        TaskRecord task = step.pool().state().task(placed.taskId());
        if (task == null) {
            return; // Not legal; the rule of legal steps reports it.
        }
        for (Allocation allocation : placed.allocations()) {
            expect(
                    step,
                    new NodeCommand.StartAttempt(
                            step.fact().pool(),
                            new AttemptId(placed.taskId(), placed.attempt()),
                            allocation,
                            task.spec().work(),
                            task.progressMs(),
                            step.fact().atMs()));
        }
    }

    private void expectStops(FactStep step, TaskId taskId) {
        TaskRecord task = step.pool().state().task(taskId);
        List<Allocation> allocations = task == null ? List.of() : task.allocations();
        for (Allocation allocation : allocations) {
            expect(
                    step,
                    new NodeCommand.StopAttempt(
                            step.fact().pool(),
                            allocation.nodeId(),
                            allocation.incarnation(),
                            new AttemptId(taskId, task == null ? 1 : task.attempt()),
                            step.fact().atMs()));
        }
    }

    private void expect(FactStep step, NodeCommand command) {
        if (isTooOld(command)) {
            return;
        }
        if (unexpected.remove(command) != null) {
            counts.nodeCommandsMatched++;
            return;
        }
        Entry<NodeCommand> entry = next();
        if (entry != null && command.equals(entry.value())) {
            counts.nodeCommandsMatched++;
            return;
        }
        if (missing.putIfAbsent(command, new Expected(step, command)) != null) {
            violations.add(name(), step.place(), "An earlier fact led to the same command: " + command);
        }
        if (entry != null) {
            reconcile(entry);
        }
    }

    /** Returns whether the command may be older than all retained commands. */
    private boolean isTooOld(NodeCommand command) {
        if (aligned) {
            return false;
        }
        Entry<NodeCommand> first = peek();
        NodeCommand oldest = first == null ? null : first.value();
        if (oldest == null || command.atMs() < oldest.atMs()) {
            return true;
        }
        aligned = command.equals(oldest.withToken("")) || command.atMs() > oldest.atMs();
        return !aligned;
    }

    private void reconcile(Entry<NodeCommand> entry) {
        NodeCommand command = entry.value();
        if (command == null) {
            return;
        }
        if (missing.remove(command) != null) {
            counts.nodeCommandsMatched++;
        } else if (unexpected.putIfAbsent(command, entry.place()) != null) {
            violations.add(name(), entry.place(), "The node got the command twice: " + command);
        }
    }

    private @Nullable Entry<NodeCommand> peek() {
        skipUnreadable();
        return actual.peek();
    }

    private @Nullable Entry<NodeCommand> next() {
        skipUnreadable();
        if (actual.isAtEnd()) {
            return null;
        }
        Entry<NodeCommand> entry = actual.next();
        counts.read(entry);
        if (entry.value() != null) {
            partitions.check(entry.place(), entry.value());
            tokens.told(entry.value());
            return Entry.of(entry.place(), entry.value().withToken("")); // Facts contain no tokens.
        }
        return entry;
    }

    private void skipUnreadable() {
        for (Entry<NodeCommand> entry = actual.peek(); entry != null && entry.value() == null; entry = actual.peek()) {
            counts.read(actual.next());
        }
    }
}
