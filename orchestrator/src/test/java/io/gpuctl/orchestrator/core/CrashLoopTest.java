package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A machine that crashes repeatedly. */
class CrashLoopTest {
    private static final long DAY_MS = 24 * 3_600_000;

    private final PoolFixture pool = new PoolFixture(PoolFixture.FIFO);
    private long incarnation = 1;

    @Test
    void theFourthCrashWithinADayKeepsANodeOutUntilAnOperatorUncordonsIt() {
        pool.register("a");
        pool.register("b");
        pool.submit(task("t", 4));
        assertThat(pool.nodeOf("t")).isEqualTo("a");

        for (int i = 0; i < 3; i++) {
            crash("a");
            assertThat(node("a").isCordoned()).isFalse();
        }
        List<ClusterEvent> events = crash("a");

        assertThat(node("a").isCordoned()).isTrue();
        assertThat(node("a").upkeep().cordon().detail()).contains("crashed", "4 times", "operator");
        assertThat(events).noneMatch(event -> event instanceof ClusterEvent.NodeUncordoned);
        pool.submit(task("u", 4));
        assertThat(pool.heldOn("a")).isZero();

        pool.uncordon("a");
        assertThat(pool.heldOn("a")).isPositive();
        crash("a");
        assertThat(node("a").isCordoned()).isFalse();
    }

    @Test
    void crashesAndErrorsCountTogether() {
        pool.register("a");
        crash("a");
        crash("a");
        crash("a");

        pool.nodeEvent(new NodeEvent.Faulted(
                PoolFixture.POOL, new NodeId("a"), incarnation, NodeEvent.Faulted.XID, 0, "", 48, pool.nowMs()));
        pool.register(inventory("a", 4), ++incarnation);

        assertThat(node("a").isCordoned()).isTrue();
    }

    @Test
    void crashesThatAreFarApartDoNotAddUp() {
        pool.register("a");
        for (int i = 0; i < 12; i++) {
            crash("a");
            pool.passTo(pool.nowMs() + DAY_MS / 2);
        }

        assertThat(node("a").isCordoned()).isFalse();
    }

    @Test
    void anOrderlyStartIsNoCrash() {
        pool.register("a");
        for (int i = 0; i < 12; i++) {
            pool.register(inventory("a", 4), ++incarnation);
        }

        assertThat(node("a").isCordoned()).isFalse();
    }

    private List<ClusterEvent> crash(String nodeId) {
        return pool.nodeEvent(new NodeEvent.Registered(inventory(nodeId, 4), ++incarnation, true, pool.nowMs()));
    }

    private Node node(String nodeId) {
        return pool.state().node(new NodeId(nodeId));
    }
}
