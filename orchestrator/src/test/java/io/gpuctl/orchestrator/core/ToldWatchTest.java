package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.FIFO;
import static io.gpuctl.orchestrator.core.PoolFixture.INCARNATION;
import static io.gpuctl.orchestrator.core.PoolFixture.POOL;
import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.orchestrator.policy.Policies;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Decisions that depend on what a watch has seen, with a watch whose results the test sets. */
class ToldWatchTest {
    private static final NodeId A = new NodeId("a");

    private final ToldWatch watch = new ToldWatch();
    private final PoolOrchestrator orchestrator =
            new PoolOrchestrator(new PoolState(POOL), "one", FIFO, Policies::create, watch);
    private long offset;

    @BeforeEach
    void placeOnANode() {
        orchestrator.on(new NodeEvent.Registered(inventory("a", 4), INCARNATION, 1_000), cause());
        orchestrator.on(new TaskCommand.SubmitTask(task("t", 1), 2_000), cause());
    }

    private Cause cause() {
        return new Cause("inputs", 0, offset++);
    }

    private static List<ClusterEvent> events(Decision decision) {
        return decision.facts().stream().map(Fact::event).toList();
    }

    @Test
    void whoIsNotSaidToBeSilentIsNot() {
        assertThat(events(orchestrator.onTick(1_000_000))).isEmpty();
    }

    @Test
    void whoIsSaidToBeSilentIsSuspectThenLost() {
        watch.seeSilence(A, FIFO.suspectAfterMs());
        List<ClusterEvent> suspected = events(orchestrator.onTick(10_000));
        watch.seeSilence(A, FIFO.lostAfterMs());
        List<ClusterEvent> lost = events(orchestrator.onTick(10_000));
        watch.seeNothing();

        assertThat(suspected.getFirst()).isEqualTo(new ClusterEvent.NodeSuspected(A));
        assertThat(suspected).doesNotHaveAnyElementsOfTypes(ClusterEvent.NodeLost.class);
        assertThat(lost.getFirst()).isEqualTo(new ClusterEvent.NodeLost(A));
        assertThat(events(orchestrator.onTick(10_001))).isEmpty();
    }

    @Test
    void whatIsSaidToDifferIsStopped() {
        var silent = new NodeEvent.Heartbeat(POOL, A, INCARNATION, List.of(), 3_000);

        assertThat(events(orchestrator.on(silent, cause()))).isEmpty();
        watch.seeDispute(attempt("t", 1));
        assertThat(events(orchestrator.on(silent, cause())))
                .containsExactly(new ClusterEvent.StrayStopped(A, INCARNATION, attempt("t", 1)));
    }

    @Test
    void aNodeThatIsBackIsToldOnceToStopWhatIsOver() {
        watch.seeSilence(A, FIFO.lostAfterMs());
        orchestrator.onTick(10_000);
        watch.seeNothing();
        watch.seeDispute(attempt("t", 1));

        List<ClusterEvent> back = events(orchestrator.on(
                new NodeEvent.Heartbeat(POOL, A, INCARNATION, List.of(attempt("t", 1)), 20_000), cause()));

        assertThat(back).filteredOn(ClusterEvent.StrayStopped.class::isInstance).hasSize(1);
    }
}
