package io.gpuctl.api.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.settings.HostAndPort;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.telemetry.runtime.Ownership;
import io.gpuctl.telemetry.runtime.Ownership.Host;
import io.gpuctl.telemetry.runtime.Views;
import io.gpuctl.telemetry.views.TaskView;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two instances that each own half of the pool partitions, and exchange JSON, as over HTTP. */
class ClusterViewsTest {

    private static final Host HERE = new Host("here", 1);
    private static final Host THERE = new Host("there", 2);
    private static final PoolId LOCAL_POOL = poolOf(0);
    private static final PoolId REMOTE_POOL = poolOf(2);

    private final FakeViews here = new FakeViews(ownership(HERE, Map.of(0, HERE, 1, HERE, 2, THERE, 3, THERE)));
    private final FakeViews there = new FakeViews(ownership(THERE, Map.of(0, HERE, 1, HERE, 2, THERE, 3, THERE)));
    private final LocalViews localThere =
            new LocalViews(new FakeService(there, new HostAndPort("there.example", 8082)));
    private final ClusterViews cluster = new ClusterViews(
            new LocalViews(new FakeService(here, new HostAndPort("here.example", 8081))),
            new OverJson(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    private static PoolId poolOf(int partition) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> new PoolId("pool-" + i))
                .filter(pool -> PoolPartitioner.partition(pool) == partition)
                .findFirst()
                .orElseThrow();
    }

    private static Ownership ownership(Host self, Map<Integer, Host> poolPartitions) {
        return new Ownership(self, poolPartitions, Map.of(0, HERE, 1, HERE, 2, HERE, 3, THERE));
    }

    /** The connection to the other instance. */
    private final class OverJson implements Instances {

        @Override
        public <E> Uni<List<E>> ask(Host instance, Question question, Class<E> elementType) {
            assertThat(instance).isEqualTo(THERE);
            Question received = read(EventJson.mapper().readerFor(Question.class), write(question));
            return localThere
                    .answer(received, received.query())
                    .map(answer -> read(EventJson.mapper().readerForListOf(elementType), write(answer)));
        }
    }

    private static String write(Object value) {
        try {
            return EventJson.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // As in Jackson.
    private static <T> T read(ObjectReader reader, String json) {
        try {
            return reader.readValue(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static TaskView task(String id, PoolId pool, long submittedAtMs) {
        var spec = new TaskSpec(
                new TaskId(id), pool, "u", Priority.LOW, GpuRequest.whole(1, 0), 0, 0, List.of(), 3, Work.lasting(1));
        return new TaskView(
                spec,
                TaskState.QUEUED,
                0,
                0,
                submittedAtMs,
                null,
                null,
                null,
                List.of(),
                List.of(),
                null,
                null,
                "",
                0,
                0,
                0,
                0,
                0L,
                0,
                0);
    }

    private static <T> T get(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(5));
    }

    @Test
    void findsATaskWhereverItIs() {
        here.tasks.add(task("near", LOCAL_POOL, 1));
        there.tasks.add(task("far", REMOTE_POOL, 2));

        assertThat(get(cluster.task(new TaskId("near")))).isPresent();
        assertThat(get(cluster.task(new TaskId("far")))).isPresent();
        assertThat(get(cluster.task(REMOTE_POOL, new TaskId("far")))).isPresent();
        assertThat(get(cluster.task(LOCAL_POOL, new TaskId("far")))).isEmpty();
        assertThat(get(cluster.task(new TaskId("nowhere")))).isEmpty();
    }

    @Test
    void mergesListingsInOrder() {
        here.tasks.addAll(List.of(task("a", LOCAL_POOL, 1), task("d", LOCAL_POOL, 4)));
        there.tasks.addAll(List.of(task("b", REMOTE_POOL, 2), task("c", REMOTE_POOL, 3)));

        assertThat(get(cluster.tasks(null, null, 3, Views.Order.OLDEST_FIRST)))
                .extracting(view -> view.task().taskId().value())
                .containsExactly("a", "b", "c");
    }

    @Test
    void aPartitionWithoutOwnerIsNoPartialAnswer() {
        here.ownership = ownership(HERE, Map.of(0, HERE, 1, HERE, 2, THERE));

        assertNotReady(cluster.tasks(null, null, 10, Views.Order.OLDEST_FIRST));
        assertNotReady(cluster.task(new TaskId("nowhere")));
    }

    @Test
    void anOwnerThatThinksOtherwiseIsNoPartialAnswer() {
        there.ownership = ownership(THERE, Map.of(0, HERE, 1, THERE, 2, THERE, 3, THERE));

        assertNotReady(cluster.tasks(null, null, 10, Views.Order.OLDEST_FIRST));
    }

    @Test
    void waitsWhileThePartitionsMove() {
        get(cluster.pools());
        there.ownership = ownership(THERE, Map.of(0, HERE, 1, THERE, 2, THERE, 3, THERE));

        var asking = cluster.pools().subscribeAsCompletionStage();

        assertThat(asking).isNotDone();
        there.ownership = ownership(THERE, Map.of(0, HERE, 1, HERE, 2, THERE, 3, THERE));
        assertThat(asking).succeedsWithin(Duration.ofSeconds(3));
    }

    @Test
    void refusesWhenTheMoveDoesNotEnd() {
        get(cluster.pools());
        there.ownership = ownership(THERE, Map.of(0, HERE, 1, THERE, 2, THERE, 3, THERE));

        assertNotReady(cluster.pools());
    }

    @Test
    void waitsForEachPartitionWhereItIs() {
        var offsets = new HashMap<>(Map.of(0, 5L, 2, 7L, 3, 0L));
        there.seen.get(2).completeOnTimeout(null, 100, TimeUnit.MILLISECONDS);
        here.seen.get(0).complete(null);

        get(cluster.whenSeen(offsets));

        assertThat(here.asked).containsExactly("0:4");
        assertThat(there.asked).containsExactly("2:6");
    }

    @Test
    void doesNotWaitForEver() {
        assertNotReady(cluster.whenSeen(Map.of(2, 1L)));
    }

    private static void assertNotReady(Uni<?> uni) {
        assertThatThrownBy(() -> get(uni))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(503));
    }

    @Test
    void anAskerThatLeavesIsNoLongerWaitedFor() {
        int partition = PoolPartitioner.partition(LOCAL_POOL);
        var asking = cluster.whenSeen(Map.of(partition, 5L)).subscribe().with(_ -> {});
        asking.cancel();

        assertThat(here.waits).hasSize(1).allMatch(CompletableFuture::isCancelled);
    }

    @Test
    void nobodyIsWaitedForAsLongAsTheAskerSays() {
        assertThatThrownBy(() -> new ViewQuery.CommandsSeen(Map.of(), Long.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ViewQuery.CommandsSeen(Map.of(), -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhereTheTelemetryOfANodeIs() {
        var addressOf = cluster.telemetryAddresses().await().indefinitely();

        for (int node = 0; node < 100; node++) {
            var id = new NodeId("node-" + node);
            assertThat(addressOf.apply(id).toString())
                    .isEqualTo(Ownership.telemetryPartition(id) == 3 ? "there.example:8082" : "here.example:8081");
        }
    }
}
