package io.gpuctl.telemetry.views;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.telemetry.views.NodeUpkeep.GpuOut;
import io.gpuctl.telemetry.views.NodeUpkeep.GpuXid;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The views of a node that is fully or partly out of service. */
class NodeUpkeepTest {
    private static final NodeId NODE = new NodeId("n1");

    private final InMemoryViewStore store = new InMemoryViewStore();
    private final PoolViewsFold fold = new PoolViewsFold(store);
    private final FactLog log =
            new FactLog(PoolId.DEFAULT).configured(10).registered("n1", 7).registered("n2", 7);

    @Test
    void showsGpusThatAreOutAndTheirErrors() {
        log.add(
                new ClusterEvent.NodeFaulted(NODE, "xid", 3, "fell off", 79),
                new ClusterEvent.GpuTakenOut(NODE, 3, "79"));
        fold();

        assertThat(node().upkeep().gpusOut()).isEqualTo(Map.of(3, new GpuOut("79", 5_000)));
        assertThat(node().upkeep().lastXids()).isEqualTo(Map.of(3, new GpuXid(79, "fell off", 4_000)));
        assertThat(node().health()).isEqualTo(NodeHealth.DEGRADED);
        assertThat(pool().gpusOut()).isEqualTo(1);
        assertThat(pool().nodesByHealth()).isEqualTo(Map.of(NodeHealth.DEGRADED, 1, NodeHealth.HEALTHY, 1));

        log.add(new ClusterEvent.GpuReturned(NODE, 3));
        fold();
        assertThat(node().health()).isEqualTo(NodeHealth.HEALTHY);
        assertThat(pool().gpusOut()).isZero();
    }

    @Test
    void showsWhoCordonedItWhyAndUntilWhen() {
        log.add(
                new ClusterEvent.NodeSlow(NODE, 400),
                new ClusterEvent.NodeCordoned(NODE, CordonCause.STRAGGLER, true, "slow", 9_000));
        fold();
        assertThat(node().upkeep().cordon())
                .isEqualTo(new NodeUpkeep.Cordon(CordonCause.STRAGGLER, true, "slow", 5_000, 9_000, false));
        assertThat(node().upkeep().slowReports()).isZero();
        assertThat(pool().nodes(NodeHealth.DRAINING)).isEqualTo(1);

        log.add(
                new ClusterEvent.NodeDrained(NODE),
                new ClusterEvent.NodeCordoned(NODE, CordonCause.OPERATOR, true, "fan", 0));
        fold();
        assertThat(node().upkeep().cordon())
                .isEqualTo(new NodeUpkeep.Cordon(CordonCause.OPERATOR, true, "fan", 5_000, 0, true));

        log.add(new ClusterEvent.NodeUncordoned(NODE, ""));
        fold();
        assertThat(node().upkeep()).isEqualTo(NodeUpkeep.NONE);
        assertThat(pool().nodes(NodeHealth.HEALTHY)).isEqualTo(2);
    }

    @Test
    void aNewStartHasItsGpusAgainAndStaysCordoned() {
        log.add(
                        new ClusterEvent.GpuTakenOut(NODE, 3, "79"),
                        new ClusterEvent.NodeCordoned(NODE, CordonCause.OPERATOR, false, "", 0))
                .registered("n1", 8);
        fold();

        assertThat(node().upkeep().gpusOut()).isEmpty();
        assertThat(node().health()).isEqualTo(NodeHealth.CORDONED);
        assertThat(pool().gpusOut()).isZero();
    }

    @Test
    void countsRequeuesByReasonAndWhatWasLost() {
        log.submitted("t1").placed("t1", 1, "n1", 7, 0).started("t1", 1);
        log.add(new ClusterEvent.TaskRequeued(new TaskId("t1"), 1, EndReason.HARDWARE_FAULT, "", 0, 2_000, 0));
        log.placed("t1", 2, "n1", 7, 0).started("t1", 2);
        log.add(new ClusterEvent.TaskFailed(new TaskId("t1"), 2, EndReason.HARDWARE_FAULT, "", 500, 0));
        fold();

        assertThat(pool().requeuesByReason()).isEqualTo(Map.of(EndReason.HARDWARE_FAULT, 1L));
        assertThat(pool().lostWorkMs()).isEqualTo(2_500);
    }

    /** Views stored before nodes had a health are still updated. */
    @Test
    void aPoolThatWasStoredBeforeCountsItsNodesByState() throws JsonProcessingException {
        log.add(new ClusterEvent.NodeSuspected(NODE));
        fold();
        ObjectNode json = EventJson.mapper().valueToTree(pool());
        json.remove("nodes_by_health");

        PoolView read = EventJson.mapper().treeToValue(json, PoolView.class);

        assertThat(read).isEqualTo(pool());
        assertThat(json.has("gpus_out")).isFalse();
    }

    @Test
    void countsDriverErrorsByGpuAndNumberUntilTheNodeStartsAnew() {
        log.add(
                new ClusterEvent.NodeFaulted(NODE, "xid", 3, "", 31),
                new ClusterEvent.NodeFaulted(NODE, "xid", 3, "", 31),
                new ClusterEvent.NodeFaulted(NODE, "xid", 3, "", 63),
                new ClusterEvent.NodeFaulted(NODE, "xid", -1, "", 31),
                new ClusterEvent.NodeFaulted(NODE, "thermal_shutdown", 4, "", 0));
        fold();

        assertThat(node().xids())
                .isEqualTo(new XidCounts(
                        counts(Map.of(3, counts(Map.of(31, 2L, 63, 1L)), -1, counts(Map.of(31, 1L)))), false));

        log.registered("n1", 8);
        fold();
        assertThat(node().xids()).isEqualTo(XidCounts.NONE);
    }

    @Test
    void tellsSoManyDriverErrorsApart() {
        for (int xid = 1; xid <= XidCounts.DISTINCT_MAX + 5; xid++) {
            log.add(new ClusterEvent.NodeFaulted(NODE, "xid", 0, "", xid));
        }
        log.add(new ClusterEvent.NodeFaulted(NODE, "xid", 0, "", 1));
        fold();

        assertThat(node().xids().of(0))
                .hasSize(XidCounts.DISTINCT_MAX + 1)
                .containsEntry(1, 2L)
                .containsEntry(XidCounts.OTHER, 5L);
    }

    /** Earlier errors are unknown, and must not be shown as zero. */
    @Test
    void countsOnAfterAnOlderProgram() throws JsonProcessingException {
        log.add(new ClusterEvent.NodeFaulted(NODE, "xid", 3, "", 31));
        fold();
        ObjectNode json = EventJson.mapper().valueToTree(node());
        json.remove("xids");
        store.putNode(EventJson.mapper().treeToValue(json, NodeRecord.class));

        log.add(new ClusterEvent.NodeFaulted(NODE, "xid", 3, "", 63));
        fold();

        assertThat(node().xids()).isEqualTo(new XidCounts(counts(Map.of(3, counts(Map.of(63, 1L)))), true));
    }

    private static <V> SortedMap<Integer, V> counts(Map<Integer, V> counts) {
        return new TreeMap<>(counts);
    }

    private void fold() {
        log.facts().forEach(fold::apply);
    }

    private NodeRecord node() {
        return store.node(NODE);
    }

    private PoolView pool() {
        return store.pool(PoolId.DEFAULT);
    }
}
