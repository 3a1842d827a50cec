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
 * Scheduling passes that were asked for here and are not answered yet.
 *
 * <p>The facts of a pass may be read before we know where its command went. But all facts of one cause follow one another
 * in their pool, and {@link SchedulerRan} is the last, so the placements of the pool's current cause are all to remember.
 */
@ApplicationScoped
public class SchedulerRuns {

    /** Placements that one pass is answered with; its numbers tell of all. */
    public static final int PLACEMENTS_MAX = 1_000;

    /** Passes that may be waited for at a time. */
    static final int WAITING_MAX = 1_000;

    /** What a pass did. */
    public record Outcome(SchedulerRan ran, List<TaskPlaced> placed) {}

    private record Pass(Cause cause, List<TaskPlaced> placed) {}

    private final Map<String, CompletableFuture<Outcome>> waiting = new HashMap<>();
    private final Map<PoolId, Pass> currentByPool = new HashMap<>();

    /**
     * Completes when the pass was run, on the thread that reads the facts. Give it up with {@link #forget}. Throws a
     * {@link ProblemException} (503) if {@link #WAITING_MAX} wait already.
     */
    public synchronized CompletableFuture<Outcome> await(String requestId) {
        if (waiting.size() >= WAITING_MAX) {
            throw ProblemException.of(ProblemType.TOO_BUSY, "Too many passes are asked for at once; try again");
        }
        return waiting.computeIfAbsent(requestId, _ -> new CompletableFuture<>());
    }

    public synchronized void forget(String requestId) {
        waiting.remove(requestId);
    }

    /** Called for every fact, in the order of the log. */
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

    /** To be run without the lock: whoever waits goes on in it. */
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
