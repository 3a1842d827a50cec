package io.gpuctl.api.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskId;
import io.gpuctl.telemetry.views.InMemoryViewStore;
import io.gpuctl.telemetry.views.NodeUpkeep;
import io.gpuctl.telemetry.views.NodeView;
import io.gpuctl.telemetry.views.PoolViewsFold;
import io.gpuctl.telemetry.views.RunningTask;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node with current and with outdated information. The pool's nodes are suspect after 5 s, and lost after 10 s. */
class NodeTest {

    private static final PoolId POOL = new PoolId("p");
    private static final NodeId ID = new NodeId("n1");
    private static final long SINCE_MS = 100_000;
    private static final PoolSettings SETTINGS = PoolSettings.withPolicy(PolicySpec.named("fifo"));

    private final InMemoryViewStore store = new InMemoryViewStore();
    private final PoolViewsFold fold = new PoolViewsFold(store);
    private long facts;

    private static NodeView node(NodeState state) {
        return new NodeView(
                new NodeInventory(ID, POOL, "A100", 8, 81_920, 128_000, 1_048_576, 60, 400, 25, 85),
                1,
                state,
                0,
                SINCE_MS,
                List.of(new RunningTask(
                        new AttemptId(new TaskId("t"), 1),
                        new Allocation(ID, 1, List.of(0, 1), 1_000, 0, 0, 0),
                        state == NodeState.LOST)),
                null,
                null,
                NodeUpkeep.NONE);
    }

    private static NodeTelemetry sample(long atMs, Integer... throttledGpus) {
        List<Integer> throttled = List.of(throttledGpus);
        return new NodeTelemetry(
                ID,
                POOL,
                atMs,
                List.of(0, 1, 2, 3).stream()
                        .map(gpu -> new NodeTelemetry.Gpu(0.9, 0, 366, 60, 1_410, throttled.contains(gpu)))
                        .toList());
    }

    private static Moment at(long nowMs) {
        return new Moment(nowMs, 1, Map.of(POOL, SETTINGS));
    }

    private static Node shown(NodeView view, @Nullable NodeTelemetry sample, long nowMs) {
        return Node.of(view, sample, false, at(nowMs));
    }

    private NodeView afterFacts(ClusterEvent... events) {
        apply(new ClusterEvent.NodeRegistered(node(NodeState.UP).inventory(), 1, 0));
        List.of(events).forEach(this::apply);
        return store.node(ID).with(List.of());
    }

    private void apply(ClusterEvent event) {
        facts++;
        fold.apply(new Fact(POOL, facts, SINCE_MS, Cause.TIMER, event));
    }

    @Test
    void aSilentNodeSaysForHowLong() {
        assertThat(shown(node(NodeState.SUSPECT), null, SINCE_MS + 2_700).reason())
                .isEqualTo("7s without a heartbeat");
        assertThat(shown(node(NodeState.LOST), null, SINCE_MS + 25_000).reason())
                .isEqualTo("35s without a heartbeat");
        assertThat(shown(node(NodeState.DOWN), null, SINCE_MS).reason()).isEqualTo("shut down");
        assertThat(shown(node(NodeState.UP), null, SINCE_MS).reason()).isNull();
    }

    @Test
    void aNodeOutOfServiceSaysWhy() {
        var faulty = afterFacts(
                new ClusterEvent.GpuTakenOut(ID, 3, "thermal shutdown"),
                new ClusterEvent.GpuTakenOut(ID, 5, "thermal shutdown"),
                new ClusterEvent.NodeCordoned(ID, CordonCause.FAULT, false, "XID 54, power cables", 0));

        assertThat(shown(faulty, null, SINCE_MS).reason())
                .isEqualTo("XID 54, power cables; GPUs 3, 5 out: thermal shutdown");
    }

    @Test
    void anOperatorNeedsNoReason() {
        var drained = afterFacts(new ClusterEvent.NodeCordoned(ID, CordonCause.OPERATOR, true, "", 0));

        assertThat(shown(drained, null, SINCE_MS).reason()).isEqualTo("drained by an operator");
    }

    @Test
    void aSlowNodeNamesTheGpusThatHeatSlowsDown() {
        var slow = afterFacts(new ClusterEvent.NodeSlow(ID, 500), new ClusterEvent.NodeSlow(ID, 500));

        assertThat(shown(slow, sample(SINCE_MS, 1, 3), SINCE_MS).reason())
                .isEqualTo("slow: GPUs 1, 3 throttled by heat (2 reports in a row)");
        assertThat(shown(slow, sample(SINCE_MS), SINCE_MS).reason()).isEqualTo("slow in 2 reports in a row");
        assertThat(shown(slow, sample(SINCE_MS - 60_000, 1), SINCE_MS).reason())
                .as("what was measured a minute ago is no reason now")
                .isEqualTo("slow in 2 reports in a row");
    }

    @ParameterizedTest
    @EnumSource(value = NodeState.class, names = "UP", mode = EnumSource.Mode.EXCLUDE)
    void whatANodeThatIsNotUpMeasuredAndHeldIsNotCurrent(NodeState state) {
        var node = shown(node(state), sample(SINCE_MS), SINCE_MS + 1_500);

        assertThat(node.telemetry()).isNull();
        assertThat(node.lastTelemetry().ageSeconds()).isEqualByComparingTo("1.5");
        assertThat(node.gpusAllocated()).isNull();
        assertThat(node.gpusHeld()).isEqualByComparingTo(BigDecimal.TWO);
    }

    @Test
    void whatANodeMeasuredIsCurrentForFiveSeconds() {
        var node = node(NodeState.UP);

        assertThat(shown(node, sample(SINCE_MS), SINCE_MS + 5_000).telemetry()).isNotNull();
        assertThat(shown(node, sample(SINCE_MS), SINCE_MS + 5_000).lastTelemetry())
                .isNull();
        assertThat(shown(node, sample(SINCE_MS), SINCE_MS + 5_001).telemetry()).isNull();
        assertThat(shown(node, sample(SINCE_MS), SINCE_MS + 5_001).lastTelemetry())
                .isNotNull();
        assertThat(shown(node, null, SINCE_MS).gpusAllocated()).isEqualByComparingTo(BigDecimal.TWO);
    }

    @Test
    void measurementsAgeOnTheWall() {
        var node = node(NodeState.UP);
        var rare = sample(SINCE_MS).every(8_000);

        assertThat(at60(node, sample(SINCE_MS), 300_000)).isTrue();
        assertThat(at60(node, sample(SINCE_MS), 300_001)).isFalse();
        assertThat(at60(node, rare, 24 * 60_000)).isTrue();
        assertThat(at60(node, rare, 24 * 60_001)).isFalse();
    }

    /** Returns whether a sample is current at this age, ms of cluster time, in a cluster at speed 60. */
    private static boolean at60(NodeView node, NodeTelemetry sample, long ageMs) {
        return new Moment(sample.atMs() + ageMs, 60, Map.of()).isCurrent(node, sample);
    }
}
