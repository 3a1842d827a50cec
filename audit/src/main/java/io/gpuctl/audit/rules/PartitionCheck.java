package io.gpuctl.audit.rules;

import io.gpuctl.events.Cause;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolScoped;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one partition number of all topics in parallel, and passes the records to the rules: the facts in their order,
 * each fact after the records of its cause's topic up to the cause. It needs memory for the state only, however long
 * the log is.
 */
public final class PartitionCheck {
    /** Number of facts between two calls of {@link Rule#forget}: a compromise between time and memory. */
    private static final int FACTS_BETWEEN_FORGETTING = 50_000;

    private final Iterator<Entry<Fact>> facts;
    private final Cursor<TaskCommand> commands;
    private final Cursor<TaskReport> reports;
    private final Cursor<NodeEvent> nodeEvents;
    private final Cursor<NodeCondition> conditions;
    private final Set<Place> refused;
    private final Counts counts;
    private final Violations violations;
    private final PartitionRule partitionRule;
    private final List<Rule> rules = new ArrayList<>();
    private final SortedMap<PoolId, PoolReplay> pools = new TreeMap<>();

    /**
     * Creates a check. {@link #run} reads the records.
     *
     * @param storedState the newest value of each key of the orchestrator's changelog; null if the check must not
     *     compare it
     * @param storedViews likewise for the views
     */
    public PartitionCheck(
            PartitionLogs logs,
            @Nullable SortedMap<String, Stored> storedState,
            @Nullable StoredViews storedViews,
            Counts counts,
            Violations violations) {
        this(logs, Set.of(), storedState, storedViews, counts, violations);
    }

    /**
     * Creates a check that knows the refused reports.
     *
     * @param refused reports in the dead letters, which the orchestrator ignored
     */
    public PartitionCheck(
            PartitionLogs logs,
            Set<Place> refused,
            @Nullable SortedMap<String, Stored> storedState,
            @Nullable StoredViews storedViews,
            Counts counts,
            Violations violations) {
        facts = logs.facts().entries();
        commands = new Cursor<>(logs.commands());
        reports = new Cursor<>(logs.reports());
        nodeEvents = new Cursor<>(logs.nodeEvents());
        conditions = new Cursor<>(logs.conditions());
        this.refused = refused;
        this.counts = counts;
        this.violations = violations;
        partitionRule = new PartitionRule(violations);
        Map<String, Long> beginOffsets = new TreeMap<>();
        for (Log<?> log : List.of(logs.commands(), logs.reports(), logs.nodeEvents(), logs.conditions())) {
            beginOffsets.put(log.topic(), log.beginOffset());
        }
        rules.add(new SequenceRule(violations));
        rules.add(new CauseRule(beginOffsets, violations));
        rules.add(new CapacityRule(violations));
        rules.add(new NodeServiceRule(violations));
        rules.add(new EndOnceRule(violations));
        rules.add(new InvariantsRule(violations));
        rules.add(new SubmissionRule(this::isKnown, logs.commandsConsumed(), counts, violations));
        rules.add(new ReportRule(this::task, logs.reportsConsumed(), counts, violations));
        rules.add(new AttemptOnceRule(violations));
        Cursor<NodeCommand> placements = new Cursor<>(logs.placements());
        var tokens = new TokenRule(counts, violations);
        rules.add(new NodeCommandRule(placements, partitionRule, tokens, counts, violations));
        rules.add(tokens);
        if (storedState != null) {
            rules.add(new StoredStateRule(storedState, violations));
        }
        if (storedViews != null) {
            rules.add(new StoredViewsRule(storedViews, violations));
        }
    }

    /** Reads and checks all records. Must be called only once. */
    public void run() {
        long count = 0;
        while (facts.hasNext()) {
            Entry<Fact> entry = facts.next();
            counts.read(entry);
            if (entry.value() != null && partitionRule.check(entry.place(), entry.value())) {
                step(entry.place(), entry.value());
            }
            count++;
            if (count % FACTS_BETWEEN_FORGETTING == 0) {
                rules.forEach(rule -> rule.forget(this::isKnown));
            }
        }
        readCommandsTo(Long.MAX_VALUE);
        readReportsTo(Long.MAX_VALUE);
        readNodeEventsTo(Long.MAX_VALUE);
        readConditionsTo(Long.MAX_VALUE);
        rules.forEach(Rule::onEnd);
        pools.values().forEach(pool -> counts.pool(pool.state()));
    }

    private void step(Place place, Fact fact) {
        PoolReplay pool = pools.computeIfAbsent(fact.pool(), id -> new PoolReplay(id, violations));
        FactStep step = new FactStep(place, fact, pool, readTo(fact.cause(), place.partition()));
        rules.forEach(rule -> rule.beforeFact(step));
        pool.apply(place, fact);
        rules.forEach(rule -> rule.afterFact(step));
        counts.fact(fact.event());
    }

    /** Reads the cause's topic up to the cause, and returns the cause; null if it is not a record, or is missing. */
    private @Nullable Entry<?> readTo(Cause cause, int partition) {
        if (cause.partition() != partition) {
            return null;
        }
        if (cause.source().equals(commands.log().topic())) {
            readCommandsTo(cause.offset());
            return commands.lastIfAt(cause.offset());
        } else if (cause.source().equals(reports.log().topic())) {
            readReportsTo(cause.offset());
            return reports.lastIfAt(cause.offset());
        } else if (cause.source().equals(nodeEvents.log().topic())) {
            readNodeEventsTo(cause.offset());
            return nodeEvents.lastIfAt(cause.offset());
        } else if (cause.source().equals(conditions.log().topic())) {
            readConditionsTo(cause.offset());
            return conditions.lastIfAt(cause.offset());
        }
        return null;
    }

    private void readCommandsTo(long offset) {
        readTo(commands, offset, (place, command) -> rules.forEach(rule -> rule.onCommand(place, command)));
    }

    private void readReportsTo(long offset) {
        readTo(reports, offset, (place, report) -> {
            if (!refused.contains(place)) {
                rules.forEach(rule -> rule.onReport(place, report));
            }
        });
    }

    private void readNodeEventsTo(long offset) {
        readTo(nodeEvents, offset, (place, event) -> rules.forEach(rule -> rule.onNodeEvent(place, event)));
    }

    private void readConditionsTo(long offset) {
        readTo(conditions, offset, (place, condition) -> {});
    }

    private <V extends PoolScoped> void readTo(Cursor<V> cursor, long offset, BiConsumer<Place, V> action) {
        while (cursor.reaches(offset)) {
            Entry<V> entry = cursor.next();
            counts.read(entry);
            V value = entry.value();
            if (value != null && partitionRule.check(entry.place(), value)) {
                action.accept(entry.place(), value);
            }
        }
    }

    private boolean isKnown(TaskId taskId) {
        for (PoolReplay pool : pools.values()) {
            if (pool.state().isKnown(taskId)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable TaskRecord task(TaskId taskId) {
        for (PoolReplay pool : pools.values()) {
            TaskRecord task = pool.state().task(taskId);
            if (task != null) {
                return task;
            }
        }
        return null;
    }
}
