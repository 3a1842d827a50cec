package io.gpuctl.experiments.engine;

import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.Invariants;
import io.gpuctl.orchestrator.core.PoolState;
import java.util.List;

/**
 * How thoroughly a run looks for broken invariants. At the end it looks at the whole state in any case.
 *
 * @param touched whether it looks, after each input, at the tasks and nodes that the input's facts are about
 * @param wholeEvery after how many inputs it looks at the whole state, which takes time in proportion to it; 0 for never
 *     before the end
 */
public record Checks(boolean touched, int wholeEvery) {
    /** A whole state of 1,000 nodes and 10,000 tasks takes about 10 ms to look at. */
    public static final Checks NORMAL = new Checks(true, 10_000);

    /** For tests: the whole state after each input. */
    public static final Checks ALL = new Checks(false, 1);

    public Checks {
        if (wholeEvery < 0) {
            throw new IllegalArgumentException("wholeEvery is " + wholeEvery + ", but must not be negative");
        }
    }

    void after(Decision decision, PoolState state, long inputs) {
        if (touched) {
            require(Invariants.violations(state, decision.facts()), decision);
        }
        if (wholeEvery > 0 && inputs % wholeEvery == 0) {
            require(Invariants.violations(state), decision);
        }
    }

    static void atEnd(PoolState state) {
        require(Invariants.violations(state), "the end of the run");
    }

    private static void require(List<String> violations, Object after) {
        if (!violations.isEmpty()) {
            throw new InvariantBrokenException("After %s: %s".formatted(after, String.join("; ", violations)));
        }
    }
}
