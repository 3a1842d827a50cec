package io.gpuctl.audit.rules;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.FactOrder;
import io.gpuctl.events.PoolId;
import java.util.Map;
import java.util.TreeMap;

/** The facts of a pool are numbered from 1, without gaps or repetitions, and time goes back only if a fact says so. */
final class SequenceRule implements Rule {
    private record Last(FactOrder order, long atMs) {
        static final Last NONE = new Last(FactOrder.START, Long.MIN_VALUE);
    }

    private final Violations violations;
    private final Map<PoolId, Last> last = new TreeMap<>();

    SequenceRule(Violations violations) {
        this.violations = violations;
    }

    @Override
    public String name() {
        return "sequence";
    }

    @Override
    public void beforeFact(FactStep step) {
        Fact fact = step.fact();
        Last before = last.getOrDefault(fact.pool(), Last.NONE);
        FactOrder.Step place = before.order().step(fact);
        switch (place) {
            case NEXT -> {}
            case REPEATED ->
                add(
                        step,
                        "fact %d appears again after fact %d"
                                .formatted(fact.sequence(), before.order().last()));
            case ALONE_AHEAD ->
                add(
                        step,
                        "fact %d comes after fact %d: the facts between are missing, or no orchestrator decided it"
                                .formatted(fact.sequence(), before.order().last()));
            case BEHIND_GAP ->
                add(
                        step,
                        "facts %d to %d are missing"
                                .formatted(
                                        before.order().last() + 1,
                                        before.order().ahead() - 1));
        }
        if (fact.atMs() < before.atMs() && !(fact.event() instanceof ClusterEvent.ClockSetBack)) {
            add(step, "time goes back from %d to %d".formatted(before.atMs(), fact.atMs()));
        }
        last.put(fact.pool(), new Last(before.order().after(fact), place.isTaken() ? fact.atMs() : before.atMs()));
    }

    private void add(FactStep step, String text) {
        violations.add(name(), step.place(), "Pool %s: %s".formatted(step.fact().pool(), text));
    }
}
