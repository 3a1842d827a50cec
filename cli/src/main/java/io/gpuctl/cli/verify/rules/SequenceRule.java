package io.gpuctl.cli.verify.rules;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.PoolId;
import java.util.Map;
import java.util.TreeMap;

/** The facts of a pool are numbered from 1, without gaps or repeats, and time goes back only where a fact says so. */
final class SequenceRule implements Rule {
    private record Last(long sequence, long atMs) {
        static final Last NONE = new Last(0, Long.MIN_VALUE);
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
        long expected = before.sequence() + 1;
        if (fact.sequence() > expected) {
            add(step, "facts %d to %d are missing".formatted(expected, fact.sequence() - 1));
        } else if (fact.sequence() < expected) {
            add(step, "fact %d comes again, after %d".formatted(fact.sequence(), before.sequence()));
        }
        if (fact.atMs() < before.atMs() && !(fact.event() instanceof ClusterEvent.ClockSetBack)) {
            add(step, "time goes back from %d to %d".formatted(before.atMs(), fact.atMs()));
        }
        last.put(fact.pool(), new Last(Math.max(fact.sequence(), before.sequence()), fact.atMs()));
    }

    private void add(FactStep step, String text) {
        violations.add(name(), step.place(), "Pool %s: %s".formatted(step.fact().pool(), text));
    }
}
