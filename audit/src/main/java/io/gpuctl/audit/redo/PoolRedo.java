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
 * Decides everything that was recorded of one pool once more, by the orchestrator's own core, and compares each fact byte
 * for byte.
 *
 * <p>A decision whose input is gone is folded as it was recorded. What the core had found out by then is not known after
 * that, so those that follow are folded too, until one at which it looks at all that waits.
 */
final class PoolRedo {
    /** So often the whole state is looked at, which takes time in proportion to it. */
    private static final int DECISIONS_BETWEEN_LOOKS = 10_000;

    private final PoolState state;
    private final ToldWatch watch = new ToldWatch();
    /** Null while it is not known what the core would decide. */
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

    /** How it went so far. */
    PoolOutcome outcome(PoolOutcome.Stored stored) {
        return new PoolOutcome(state.pool(), facts, redone, inputsGone, outOfStep, stored);
    }

    /**
     * Does the next decision over.
     *
     * @param behind the fact behind it in the log, of whatever pool; null if there is none
     * @throws DifferenceException if something else comes of it: this object is of no use then
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

    /** The one that the state has come to, legal or not. */
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
                                                ? "a record is missing, or they are out of order"
                                                : "it comes twice, or they are out of order"),
                        null,
                        recorded.text()));
            }
            expected++;
        }
    }

    /** Whatever is wrong with the state after a decision. */
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

    /** Looks at the whole state once more, at the end. */
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

    /** Returns how many of the facts it led to; of a timer, the others come of another tick. */
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
                    more.place(), "nothing more comes of its cause, but the log has this", null, more.text()));
        }
        redone++;
        return same;
    }

    /** The condition of a node is kept only as long as it is the newest; but the fact has all of it. */
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

    /** The core that decides on this, a new one if the log says that one has started; null if it is not in step. */
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

    /** The settings that the orchestrator was started with: a fact says so if they were others than those in force. */
    private PoolSettings wanted(List<RecordedFact> recorded) throws DifferenceException {
        if (recorded.size() > 1 && recorded.get(1).fact().event() instanceof ClusterEvent.PoolConfigured configured) {
            return configured.settings();
        }
        if (!state.isConfigured()) {
            RecordedFact first = recorded.getFirst();
            throw new DifferenceException(
                    new Difference(first.place(), "the pool's settings must follow, but do not", null, first.text()));
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
                    first.place(),
                    "it cannot be decided what comes of its cause: " + e.getMessage(),
                    null,
                    first.text()));
        }
    }
}
