package io.gpuctl.audit.redo;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.IllegalFactException;
import io.gpuctl.orchestrator.core.Invariants;
import io.gpuctl.orchestrator.core.PoolOrchestrator;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.ToldWatch;
import io.gpuctl.orchestrator.policy.Policies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes every recorded decision of one pool again, with the orchestrator's own core, and compares each fact byte for
 * byte.
 *
 * <p>A decision whose input is gone is folded as recorded. After that, the caches of the original core are unknown, so
 * the next decisions are also folded, until a decision for which the core examines all waiting tasks.
 */
final class PoolRedo {
    /** Number of decisions between two checks of the whole state, which take time in proportion to its size. */
    private static final int DECISIONS_BETWEEN_LOOKS = 10_000;

    private final PoolState state;
    private final ToldWatch watch = new ToldWatch();
    /** The core; null while its caches are unknown, because its decisions are then unknown too. */
    private @Nullable PoolOrchestrator orchestrator;

    private long decisions;
    private long facts;
    private long redone;
    private long inputsGone;
    private long outOfStep;

    PoolRedo(PoolId pool) {
        state = new PoolState(pool);
    }

    PoolState state() {
        return state;
    }

    /** Returns the result so far. */
    PoolOutcome outcome(PoolOutcome.Stored stored) {
        return new PoolOutcome(state.pool(), facts, redone, inputsGone, outOfStep, stored);
    }

    /**
     * Makes the next decision again.
     *
     * @param behind the fact after the decision in the log, of any pool; null if there is none
     * @throws DifferenceException if the result differs; this object must then not be used any more
     */
    void follow(RecordedDecision decision, Inputs inputs, @Nullable RecordedFact behind) throws DifferenceException {
        requireInSequence(decision);
        List<RecordedFact> rest = decision.facts();
        try {
            while (!rest.isEmpty()) {
                int done = redo(rest, inputs, behind);
                rest = rest.subList(done, rest.size());
            }
            look(decision);
        } catch (IllegalFactException e) {
            RecordedFact illegal = newest(decision);
            throw new DifferenceException(
                    new Difference(illegal.place(), String.valueOf(e.getMessage()), null, illegal.text()));
        }
        facts += decision.facts().size();
    }

    /** Returns the last fact that was applied to the state, legal or not. */
    private RecordedFact newest(RecordedDecision decision) {
        for (RecordedFact fact : decision.facts()) {
            if (fact.fact().sequence() == state.sequence()) {
                return fact;
            }
        }
        return decision.first();
    }

    private void requireInSequence(RecordedDecision decision) throws DifferenceException {
        long expected = state.sequence() + 1;
        for (RecordedFact recorded : decision.facts()) {
            long found = recorded.fact().sequence();
            if (found != expected) {
                throw new DifferenceException(new Difference(
                        recorded.place(),
                        "expected fact %d of pool %s here, but found fact %d: %s"
                                .formatted(
                                        expected,
                                        state.pool(),
                                        found,
                                        found > expected
                                                ? "a record is missing, or the records are out of order"
                                                : "a record appears twice, or the records are out of order"),
                        null,
                        recorded.text()));
            }
            expected++;
        }
    }

    /** Checks the state after a decision. */
    private void look(RecordedDecision decision) throws DifferenceException {
        decisions++;
        List<Fact> added = decision.facts().stream().map(RecordedFact::fact).toList();
        List<String> violations = decisions % DECISIONS_BETWEEN_LOOKS == 0
                ? Invariants.violations(state)
                : Invariants.violations(state, added);
        if (!violations.isEmpty()) {
            throw new DifferenceException(new Difference(
                    decision.first().place(),
                    String.join("; ", violations),
                    null,
                    decision.first().text()));
        }
    }

    /** Checks the whole state at the end. */
    void end() throws DifferenceException {
        List<String> violations = Invariants.violations(state);
        if (!violations.isEmpty()) {
            throw new DifferenceException(new Difference(
                    null,
                    "the last state of pool %s: %s".formatted(state.pool(), String.join("; ", violations)),
                    null,
                    null));
        }
    }

    /**
     * Makes the first decision again. Returns how many of the facts it led to; after a timer, the others belong to
     * another tick.
     */
    private int redo(List<RecordedFact> recorded, Inputs inputs, @Nullable RecordedFact behind)
            throws DifferenceException {
        RecordedFact first = recorded.getFirst();
        Cause cause = first.fact().cause();
        boolean isTimer = cause.equals(Cause.TIMER);
        PoolInput input = isTimer ? null : input(cause, recorded, inputs);
        if (input == null && !isTimer) {
            inputsGone++;
            orchestrator = null;
            return fold(recorded);
        }
        PoolOrchestrator core = core(recorded);
        if (core == null) {
            outOfStep++;
            return fold(recorded);
        }
        new Sight(recorded, state).tell(watch, input);
        Decision decision = decide(core, input, first);
        int same = FactComparison.compare(decision.facts(), recorded, behind);
        if (same < recorded.size() && (!isTimer || same == 0)) {
            RecordedFact more = recorded.get(same);
            throw new DifferenceException(new Difference(
                    more.place(),
                    "the replay decided no further fact for this cause, but the log has this one",
                    null,
                    more.text()));
        }
        redone++;
        return same;
    }

    /**
     * Returns the input, null if it is gone. The topic keeps only the newest condition of a node, but the fact contains
     * the whole condition.
     */
    private static @Nullable PoolInput input(Cause cause, List<RecordedFact> recorded, Inputs inputs)
            throws DifferenceException {
        return switch (inputs.find(cause, recorded.getFirst())) {
            case Input.Found found -> found.value();
            case Input.Gone _ -> {
                for (RecordedFact fact : recorded) {
                    if (fact.fact().event() instanceof ClusterEvent.NodeConditionChanged changed) {
                        yield changed.condition();
                    }
                }
                yield null;
            }
        };
    }

    private int fold(List<RecordedFact> recorded) {
        recorded.forEach(fact -> state.apply(fact.fact()));
        return recorded.size();
    }

    /**
     * Returns the core that makes this decision: a new one if the log says that an orchestrator has started; null while
     * its caches are unknown.
     */
    private @Nullable PoolOrchestrator core(List<RecordedFact> recorded) throws DifferenceException {
        RecordedFact first = recorded.getFirst();
        if (first.fact().event() instanceof ClusterEvent.OrchestratorStarted started) {
            orchestrator = PoolOrchestrator.asRecorded(state, started, wanted(recorded), Policies::create, watch);
        } else if (orchestrator == null && state.isConfigured() && invalidatesVerdicts(recorded)) {
            orchestrator = PoolOrchestrator.inPlaceOfAnother(state, Policies::create, watch);
        } else if (orchestrator == null && !state.isConfigured()) {
            throw new DifferenceException(new Difference(
                    first.place(),
                    "the first fact of a pool must say that an orchestrator has started",
                    null,
                    first.text()));
        }
        return orchestrator;
    }

    private boolean invalidatesVerdicts(List<RecordedFact> recorded) {
        boolean manual = state.settings().manual();
        return recorded.stream()
                .anyMatch(
                        fact -> PoolOrchestrator.invalidatesVerdicts(fact.fact().event(), manual));
    }

    /**
     * Returns the settings that the orchestrator was started with: if they differ from the settings in force, a fact
     * contains them.
     */
    private PoolSettings wanted(List<RecordedFact> recorded) throws DifferenceException {
        if (recorded.size() > 1 && recorded.get(1).fact().event() instanceof ClusterEvent.PoolConfigured configured) {
            return configured.settings();
        }
        if (!state.isConfigured()) {
            RecordedFact first = recorded.getFirst();
            throw new DifferenceException(new Difference(
                    first.place(), "the pool's settings must follow this fact, but do not", null, first.text()));
        }
        return state.settings();
    }

    private static Decision decide(PoolOrchestrator core, @Nullable PoolInput input, RecordedFact first)
            throws DifferenceException {
        try {
            return input == null
                    ? core.onTick(first.fact().atMs())
                    : core.on(input, first.fact().cause());
        } catch (IllegalStateException | InvalidFieldException | IndexOutOfBoundsException e) {
            throw new DifferenceException(new Difference(
                    first.place(), "the replay cannot decide on its cause: " + e.getMessage(), null, first.text()));
        }
    }
}
