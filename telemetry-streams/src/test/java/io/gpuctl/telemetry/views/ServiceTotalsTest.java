package io.gpuctl.telemetry.views;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.kafka.EventJson;
import org.junit.jupiter.api.Test;

/** Nodes with 8 GPUs. The first registers with the second fact, at 2 s; one fact per second. */
class ServiceTotalsTest {
    private static final NodeId NODE = new NodeId("n1");

    private final InMemoryViewStore store = new InMemoryViewStore();
    private final PoolViewsFold fold = new PoolViewsFold(store);
    private final FactLog log = new FactLog(PoolId.DEFAULT).configured(10).registered("n1", 7);

    @Test
    void nothingIsRepairedBeforeAnythingReturns() {
        log.add(new ClusterEvent.GpuTakenOut(NODE, 3, "")); // At 3 s.
        fold();

        assertThat(service().mttrSeconds()).isNull();
        assertThat(service().outGpuMs(13_000)).isEqualTo(10_000);
    }

    @Test
    void eachGpuThatWasOutByItselfIsARepair() {
        log.add(
                new ClusterEvent.GpuTakenOut(NODE, 3, ""), // 3 s
                new ClusterEvent.GpuTakenOut(NODE, 4, ""), // 4 s
                new ClusterEvent.GpuReturned(NODE, 4), // 5 s, after 1 s
                new ClusterEvent.GpuReturned(NODE, 3)); // 6 s, after 3 s
        fold();

        assertThat(service()).isEqualTo(new ServiceTotals(0, 4_000, 6_000, 2, 4_000));
        assertThat(service().mttrSeconds()).isEqualTo(2);
    }

    @Test
    void aNodeThatWasSilentAndThenCordonedIsOneRepairFromTheSuspicionOn() {
        log.add(
                new ClusterEvent.NodeSuspected(NODE), // 3 s
                new ClusterEvent.NodeLost(NODE),
                new ClusterEvent.NodeCordoned(NODE, CordonCause.FAULT, true, "", 0),
                new ClusterEvent.NodeRecovered(NODE),
                new ClusterEvent.NodeUncordoned(NODE, "")); // 7 s
        fold();

        assertThat(service()).isEqualTo(new ServiceTotals(0, 8 * 4_000, 7_000, 1, 4_000));
    }

    @Test
    void whatAnOperatorCordonsIsNoFaultAndEndsOne() {
        log.add(
                new ClusterEvent.NodeCordoned(NODE, CordonCause.OPERATOR, true, "", 0),
                new ClusterEvent.NodeCordoned(NODE, CordonCause.STRAGGLER, true, "", 0), // 4 s
                new ClusterEvent.NodeCordoned(NODE, CordonCause.OPERATOR, true, "", 0)); // 5 s
        fold();

        assertThat(service()).isEqualTo(new ServiceTotals(0, 8_000, 5_000, 1, 1_000));
    }

    /** While a node is out, its broken GPUs are not counted separately, but their repairs are. */
    @Test
    void aNewStartHasAllItsGpusAgain() {
        log.add(
                        new ClusterEvent.GpuTakenOut(NODE, 3, ""), // 3 s: 1 GPU
                        new ClusterEvent.NodeSuspected(NODE)) // 4 s: 8 GPUs
                .registered("n1", 8); // 5 s
        fold();

        assertThat(service()).isEqualTo(new ServiceTotals(0, 1_000 + 8_000, 5_000, 2, 2_000 + 1_000));
    }

    @Test
    void aNodeThatIsShutDownIsNoLongerOut() {
        log.add(new ClusterEvent.NodeSuspected(NODE), new ClusterEvent.NodeShutDown(NODE));
        fold();

        assertThat(service()).isEqualTo(new ServiceTotals(0, 8_000, 4_000, 0, 0));
    }

    @Test
    void aNodeThatLeavesForAnotherPoolIsCountedThereFromThenOn() {
        log.add(new ClusterEvent.NodeSuspected(NODE)); // 3 s
        fold();
        FactLog other = new FactLog(new PoolId("other")).configured(10);
        for (int i = 0; i < 3; i++) {
            other.configured(10);
        }
        other.registered("n1", 8); // 5 s
        other.facts().forEach(fold::apply);

        assertThat(service()).isEqualTo(new ServiceTotals(0, 16_000, 5_000, 0, 0));
        assertThat(store.pool(new PoolId("other")).service()).isEqualTo(ServiceTotals.NONE);
    }

    @Test
    void totalsOfPoolsAddUpAtAnyTime() {
        ServiceTotals one = new ServiceTotals(2, 100, 1_000, 1, 500);
        ServiceTotals other = new ServiceTotals(3, 200, 4_000, 2, 700);

        assertThat(one.plus(other)).isEqualTo(new ServiceTotals(5, 100 + 2 * 3_000 + 200, 4_000, 3, 1_200));
        assertThat(one.plus(other).outGpuMs(9_000)).isEqualTo(one.outGpuMs(9_000) + other.outGpuMs(9_000));
    }

    /** In views stored before these totals existed, an outage is counted from the next fact about its node. */
    @Test
    void viewsThatWereStoredBeforeAreRead() throws JsonProcessingException {
        fold();
        ObjectNode pool = EventJson.mapper().valueToTree(store.pool(PoolId.DEFAULT));
        ObjectNode node = EventJson.mapper().valueToTree(store.node(NODE));
        assertThat(pool.has("service")).isFalse();
        assertThat(node.has("outage")).isFalse();

        log.add(new ClusterEvent.NodeSuspected(NODE));
        fold();
        ObjectNode suspect = EventJson.mapper().valueToTree(store.node(NODE));
        suspect.remove("outage");
        NodeRecord before = EventJson.mapper().treeToValue(suspect, NodeRecord.class);
        assertThat(before.outage()).isNull();

        log.add(new ClusterEvent.NodeLost(NODE));
        NodeRecord after = NodeFold.apply(
                before, log.last(), (ClusterEvent.OfNode) log.last().event());
        assertThat(ServiceTotals.NONE.after(before, after, 4_000)).isEqualTo(new ServiceTotals(8, 0, 4_000, 0, 0));
    }

    private ServiceTotals service() {
        return store.pool(PoolId.DEFAULT).service();
    }

    private void fold() {
        log.facts().forEach(fold::apply);
    }
}
