package io.gpuctl.audit.rules;

import io.gpuctl.events.Cause;
import io.gpuctl.events.PoolId;
import io.gpuctl.orchestrator.core.Invariants;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The orchestrator's own invariants hold for the folded state. A check recounts the whole state, so the rule checks
 * only periodically and at the end. It checks only between inputs, because the invariants may not hold between the
 * facts of one input.
 */
final class InvariantsRule implements Rule {
    private static final int FACTS_BETWEEN_CHECKS = 20_000;

    private static final class Progress {
        FactStep newest;
        int factsSinceCheck;

        Progress(FactStep newest) {
            this.newest = newest;
        }
    }

    private final Violations violations;
    private final SortedMap<PoolId, Progress> pools = new TreeMap<>();

    InvariantsRule(Violations violations) {
        this.violations = violations;
    }

    @Override
    public String name() {
        return "invariants";
    }

    @Override
    public void beforeFact(FactStep step) {
        Progress progress = pools.computeIfAbsent(step.fact().pool(), pool -> new Progress(step));
        Cause previous = progress.newest.fact().cause();
        boolean isNewInput = previous.partition() >= 0 && !step.fact().cause().equals(previous);
        if (isNewInput && progress.factsSinceCheck >= FACTS_BETWEEN_CHECKS) {
            progress.factsSinceCheck = 0;
            check(progress.newest);
        }
        progress.newest = step;
        progress.factsSinceCheck++;
    }

    @Override
    public void onEnd() {
        pools.values().forEach(progress -> check(progress.newest));
    }

    /**
     * Checks only an intact state: after an illegal fact the state is a guess, and proves nothing about the
     * orchestrator.
     */
    private void check(FactStep newest) {
        if (newest.pool().isIntact()) {
            Invariants.violations(newest.pool().state())
                    .forEach(text -> violations.add(
                            name(),
                            newest.place(),
                            "After fact %d of pool %s: %s"
                                    .formatted(
                                            newest.fact().sequence(),
                                            newest.fact().pool(),
                                            text)));
        }
    }
}
