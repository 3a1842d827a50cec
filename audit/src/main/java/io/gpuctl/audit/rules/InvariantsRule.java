package io.gpuctl.audit.rules;

import io.gpuctl.events.Cause;
import io.gpuctl.events.PoolId;
import io.gpuctl.orchestrator.core.Invariants;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The orchestrator's own invariants hold for the folded state. They count the whole state anew, so they are asked now and
 * then and at the end; and between inputs only, since the facts of one input belong together.
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

    /** After an illegal fact the state is a guess, and says nothing of the orchestrator. */
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
