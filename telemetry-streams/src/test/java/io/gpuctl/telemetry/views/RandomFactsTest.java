package io.gpuctl.telemetry.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskState;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** For any facts, the counts equal a recount, and reading facts again changes nothing. */
class RandomFactsTest {
    private static final PoolId POOL = PoolId.DEFAULT;

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void countsAreThoseOfARecount(int seed) {
        InMemoryViewStore store = new InMemoryViewStore();
        PoolViewsFold fold = new PoolViewsFold(store);

        for (Fact fact : new RandomFacts(seed).log(200)) {
            fold.apply(fact);
            assertConsistent(store);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void readingAgainFromAnyEarlierPlaceChangesNothing(int seed) {
        List<Fact> log = new RandomFacts(seed).log(200);
        InMemoryViewStore once = new InMemoryViewStore();
        log.forEach(new PoolViewsFold(once)::apply);
        InMemoryViewStore again = new InMemoryViewStore();
        PoolViewsFold fold = new PoolViewsFold(again);

        for (int i = 0; i < log.size(); i++) {
            fold.apply(log.get(i));
            fold.apply(log.get(i / 2));
        }

        assertThat(again.tasks()).isEqualTo(once.tasks());
        assertThat(again.nodes()).isEqualTo(once.nodes());
        assertThat(again.holds()).isEqualTo(once.holds());
        assertThat(again.pools()).isEqualTo(once.pools());
        assertThat(again.users()).isEqualTo(once.users());
        assertThat(again.index()).isEqualTo(once.index());
        once.nodes()
                .keySet()
                .forEach(node -> assertThat(again.nodeHistory(node)).isEqualTo(once.nodeHistory(node)));
    }

    /** The energy of each fitting fact is counted in the pool, and in one user unless the task is forgotten. */
    @ParameterizedTest
    @MethodSource("seeds")
    void energyIsCountedOnce(int seed) {
        InMemoryViewStore store = new InMemoryViewStore();
        PoolViewsFold fold = new PoolViewsFold(store);
        long poolMj = 0;
        long usersMj = 0;

        for (Fact fact : new RandomFacts(seed).log(200)) {
            boolean hasUser = !(fact.event() instanceof ClusterEvent.AllocationReleased released)
                    || (store.task(released.attempt().taskId()) != null
                            && store.task(released.attempt().taskId()).attempt()
                                    >= released.attempt().number());
            if (fold.apply(fact).matched()) {
                poolMj += fact.event().energyMj();
                usersMj += hasUser ? fact.event().energyMj() : 0;
            }
        }

        assertThat(store.pool(POOL).energyMj()).isEqualTo(poolMj);
        assertThat(store.users().values().stream().mapToLong(UserView::energyMj).sum())
                .isEqualTo(usersMj);
    }

    /** Compares with a sum second by second, from the states of the nodes alone. */
    @ParameterizedTest
    @MethodSource("seeds")
    void timeOutOfServiceIsTheSumOverSeconds(int seed) {
        InMemoryViewStore store = new InMemoryViewStore();
        PoolViewsFold fold = new PoolViewsFold(store);
        long outGpuMs = 0;
        long lastMs = 0;

        for (Fact fact : new RandomFacts(seed).log(200)) {
            outGpuMs += (fact.atMs() - lastMs) * outGpus(store);
            lastMs = fact.atMs();
            fold.apply(fact);
            assertThat(store.pool(POOL).service().outGpuMs(lastMs)).isEqualTo(outGpuMs);
            assertThat(store.pool(POOL).service().outGpus()).isEqualTo(outGpus(store));
        }
    }

    private static int outGpus(InMemoryViewStore store) {
        int out = 0;
        for (NodeRecord node : store.nodes().values()) {
            if (node.state() == NodeState.DOWN) {
                continue;
            }
            NodeUpkeep.Cordon cordon = node.upkeep().cordon();
            boolean isOut = node.state() == NodeState.SUSPECT
                    || node.state() == NodeState.LOST
                    || (cordon != null && cordon.cause() != CordonCause.OPERATOR);
            out += isOut ? FactLog.GPUS_PER_NODE : node.upkeep().gpusOut().size();
        }
        return out;
    }

    private static void assertConsistent(InMemoryViewStore store) {
        PoolView pool = store.pool(POOL);
        Map<TaskState, Integer> tasks = new EnumMap<>(TaskState.class);
        TreeSet<String> index = new TreeSet<>();
        store.tasks().values().forEach(task -> {
            tasks.merge(task.state(), 1, Integer::sum);
            index.addAll(TaskIndex.keys(task));
            assertThat(store.history(task.task().taskId())).hasSize(task.historySize());
        });
        Map<NodeState, Integer> nodes = new EnumMap<>(NodeState.class);
        store.nodes().values().forEach(node -> nodes.merge(node.state(), 1, Integer::sum));
        long held = store.holds().values().stream()
                .flatMap(ofNode -> ofNode.values().stream())
                .mapToLong(hold -> hold.allocation().totalGpuMilli())
                .sum();
        assertThat(pool.tasksByState()).isEqualTo(tasks);
        assertThat(store.index()).isEqualTo(index);
        assertThat(pool.nodesByState()).isEqualTo(nodes);
        long away = store.nodes().values().stream()
                .filter(node -> node.state() != NodeState.UP)
                .flatMap(node -> store.holds(node.inventory().nodeId()).stream())
                .mapToLong(hold -> hold.allocation().totalGpuMilli())
                .sum();
        assertThat(pool.gpuMilliAllocated()).isEqualTo(held);
        assertThat(pool.gpuMilliAway()).isEqualTo(away);
        assertThat(pool.gpuMilliAllocatedUp()).isEqualTo(held - away);
        assertThat(pool.gpusTotal()).isEqualTo(store.nodes().size() * FactLog.GPUS_PER_NODE);
        assertThat(pool.gpusUp()).isEqualTo(pool.nodes(NodeState.UP) * FactLog.GPUS_PER_NODE);
    }
}
