package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks that are wrong, or were changed: the time of a pool, and the incarnations of its nodes. */
class WrongClockTest {
    private static final long MINUTE_MS = 60_000;
    private static final long TEN_YEARS_MS = 10L * 365 * 24 * 60 * MINUTE_MS;

    private final PoolFixture pool = new PoolFixture(PoolFixture.FIFO);

    @ParameterizedTest
    @ValueSource(longs = {2 * MINUTE_MS, TEN_YEARS_MS, Long.MAX_VALUE})
    void aPoolWhoseTimeIsAheadIsSetBackAndItsRetriesComeDue(long aheadMs) {
        pool.register("a");
        long nowMs = pool.nowMs();
        pool.passTo(aheadMs == Long.MAX_VALUE ? Long.MAX_VALUE - MINUTE_MS : nowMs + aheadMs);
        pool.submit(task("t", 1));
        pool.failed("a", attempt("t", 1));
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.BACKING_OFF);
        long fromMs = pool.state().lastAtMs();

        assertThat(pool.passTo(nowMs)).containsExactly(new ClusterEvent.ClockSetBack(PoolFixture.POOL, fromMs));
        assertThat(pool.state().lastAtMs()).isEqualTo(nowMs);

        pool.passTo(nowMs + 1_000);
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void aPoolThatIsALittleAheadWaits() {
        pool.register("a");
        long nowMs = pool.nowMs();
        pool.passTo(nowMs + 30_000);
        pool.register("b");

        assertThat(pool.passTo(nowMs)).isEmpty();
    }

    @Test
    void aCordonThatEndsByItselfEndsAsLongAfterTheClockWasSetBack() {
        pool.register("a");
        long nowMs = pool.nowMs();
        pool.passTo(nowMs + TEN_YEARS_MS);
        pool.submit(task("t", 1));
        pool.started("a", attempt("t", 1));
        for (int i = 0; i < 3; i++) {
            pool.paced("a", attempt("t", 1), 500);
        }
        assertThat(pool.state().node(new NodeId("a")).isCordoned()).isTrue();

        pool.passTo(nowMs);

        pool.passTo(nowMs + 299_999);
        assertThat(pool.state().node(new NodeId("a")).isCordoned()).isTrue();
        pool.passTo(nowMs + 300_000);
        assertThat(pool.state().node(new NodeId("a")).isCordoned()).isFalse();
    }

    @Test
    void timeGoesBackByThatFactAlone() {
        pool.register("a");
        PoolState state = pool.state();
        long beforeMs = state.lastAtMs();

        Fact fact = new Fact(
                PoolFixture.POOL,
                state.sequence() + 1,
                beforeMs - 1,
                Cause.TIMER,
                new ClusterEvent.RetryDue(new TaskId("t")));

        assertThatThrownBy(() -> state.apply(fact)).isInstanceOf(IllegalFactException.class);
    }

    @Test
    void aLostNodeThatStartsAnewWithALowerNumberIsBack() {
        pool.register(inventory("a", 4), 5_000);
        pool.submit(task("t", 1));
        pool.tick(11_000);
        assertThat(pool.state().node(new NodeId("a")).state()).isEqualTo(NodeState.LOST);

        assertThat(pool.register(inventory("a", 4), 2_000))
                .contains(new ClusterEvent.NodeRegistered(inventory("a", 4), 2_000, 5_000));

        assertThat(pool.state().node(new NodeId("a")).state()).isEqualTo(NodeState.UP);
        assertThat(pool.nodeOf("t")).isEqualTo("a");
    }

    @Test
    void noNodeIsSilentWhileHeartbeatsWait() {
        pool.register("a");
        long nowMs = pool.nowMs();
        for (int second = 1; second <= 60; second++) {
            assertThat(pool.orchestrator().onTick(nowMs + 1_000L * second, true).facts())
                    .isEmpty();
        }
        assertThat(pool.passTo(nowMs + 61_000)).isEmpty();
    }

    @Test
    void aNodeThatIsHeardOfIsNotReplacedByAnOlderStart() {
        pool.register(inventory("a", 4), 5_000);

        assertThat(pool.register(inventory("a", 4), 2_000)).isEmpty();
    }
}
