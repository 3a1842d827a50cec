package io.gpuctl.api.events;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent.SchedulerRan;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.Fact;
import io.gpuctl.events.PoolId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Scheduling passes that clients requested from this instance, and that are not answered yet.
 *
 * <p>The facts of a pass may be read before the offset of its command is known. But all facts of one cause are
 * consecutive in their pool, and {@link SchedulerRan} is the last, so only the placements of the pool's current cause
 * must be remembered.
 */
@ApplicationScoped
public class SchedulerRuns {

    /** Maximum number of placements in the answer for one pass; the counts in the answer cover all. */
    public static final int PLACEMENTS_MAX = 1_000;

    /** Maximum number of passes that clients may wait for at a time. */
    static final int WAITING_MAX = 1_000;

    /** The outcome of a pass. */
    public record Outcome(SchedulerRan ran, List<TaskPlaced> placed) {}

    private record Pass(Cause cause, List<TaskPlaced> placed) {}

    private final Map<String, CompletableFuture<Outcome>> waiting = new HashMap<>();
    private final Map<PoolId, Pass> currentByPool = new HashMap<>();

    /**
     * Returns a future that completes when the pass has run, on the thread that reads the facts. Cancel the wait with
     * {@link #forget}. Throws a {@link ProblemException} (503) if {@link #WAITING_MAX} clients already wait.
     */
    public synchronized CompletableFuture<Outcome> await(String requestId) {
        if (waiting.size() >= WAITING_MAX) {
            throw ProblemException.of(
                    ProblemType.TOO_BUSY, "Too many scheduling passes are requested at once; try again");
        }
        return waiting.computeIfAbsent(requestId, _ -> new CompletableFuture<>());
    }

    public synchronized void forget(String requestId) {
        waiting.remove(requestId);
    }

    /** Notes a fact. Called for every fact, in the order of the log. */
    void note(Fact fact) {
        if (fact.event() instanceof TaskPlaced placed) {
            notePlaced(fact, placed);
        } else if (fact.event() instanceof SchedulerRan ran) {
            answer(fact, ran).ifPresent(Runnable::run);
        }
    }

    private synchronized void notePlaced(Fact fact, TaskPlaced placed) {
        if (waiting.isEmpty()) {
            currentByPool.clear();
            return;
        }
        var pass = currentByPool.get(fact.pool());
        if (pass == null || !pass.cause().equals(fact.cause())) {
            pass = new Pass(fact.cause(), new ArrayList<>());
            currentByPool.put(fact.pool(), pass);
        }
        if (pass.placed().size() < PLACEMENTS_MAX) {
            pass.placed().add(placed);
        }
    }

    /** Returns the answer, which must be run without the lock, because the code of the waiting client runs in it. */
    private synchronized Optional<Runnable> answer(Fact fact, SchedulerRan ran) {
        var asker = waiting.remove(ran.requestId());
        if (asker == null) {
            return Optional.empty();
        }
        var pass = currentByPool.remove(fact.pool());
        List<TaskPlaced> placed =
                pass != null && pass.cause().equals(fact.cause()) ? List.copyOf(pass.placed()) : List.of();
        return Optional.of(() -> asker.complete(new Outcome(ran, placed)));
    }
}
