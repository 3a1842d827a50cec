package io.gpuctl.telemetry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolScoped;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.RecordLimits;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.TopicSetup;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.telemetry.runtime.Ownership.Host;
import io.gpuctl.telemetry.views.FactLog;
import io.gpuctl.telemetry.views.TaskView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ViewsAppIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final NodeId NODE = new NodeId("n1");

    @TempDir
    Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final FactLog log = new FactLog(PoolId.DEFAULT);
    private EmbeddedBroker broker;

    @BeforeEach
    void startBroker() throws Exception {
        broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory.resolve("kafka")));
        opened.add(broker);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            TopicSetup.ensureTopics(admin);
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
    }

    private ViewsApp startViews(String instance, int port) {
        ViewsApp app = ViewsApp.start(new ViewsConfig(
                KafkaConnection.of(broker.bootstrapServers()),
                instance,
                "localhost",
                port,
                directory.resolve(instance),
                0,
                ClusterClock.wall()));
        opened.add(app);
        return app;
    }

    private Views readyViews() {
        ViewsApp app = startViews("a", 1);
        awaitReady(app);
        return app.views();
    }

    private static void awaitReady(ViewsApp app) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(app::isReady);
    }

    private <V extends PoolScoped> List<RecordMetadata> produce(Topic<V> topic, Map<String, V> records)
            throws Exception {
        List<RecordMetadata> written = new ArrayList<>();
        Map<String, Object> settings = new HashMap<>(RecordLimits.producer());
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("partitioner.class", PoolPartitioner.class.getName());
        try (KafkaProducer<String, V> producer =
                new KafkaProducer<>(settings, new StringSerializer(), topic.serializer())) {
            for (Map.Entry<String, V> entry : records.entrySet()) {
                written.add(producer.send(new ProducerRecord<>(topic.name(), entry.getKey(), entry.getValue()))
                        .get(10, TimeUnit.SECONDS));
            }
        }
        return written;
    }

    private void produceFacts(List<Fact> facts) throws Exception {
        for (Fact fact : facts) {
            produce(Topics.CLUSTER_EVENTS, Map.of(fact.event().subject(), fact));
        }
    }

    private RecordMetadata submit(String task) throws Exception {
        TaskCommand command = new TaskCommand.SubmitTask(FactLog.spec(task, PoolId.DEFAULT), 5);
        return produce(Topics.TASK_COMMANDS, Map.of(task, command)).getFirst();
    }

    private void produceGarbage(String topic, int partition) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, partition, null, new byte[] {1, 2, 3}))
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private static NodeTelemetry sample(long atMs) {
        return new NodeTelemetry(
                NODE, PoolId.DEFAULT, atMs, List.of(new NodeTelemetry.Gpu(0.5, 1_000, 100, 40, 1_400, false)));
    }

    /** Waits until the views have the running task and the telemetry, which is in another topic and may come later. */
    private void awaitRunning(Views views) {
        await().atMost(PATIENCE).ignoreException(ViewsNotReadyException.class).untilAsserted(() -> {
            assertThat(views.task(new TaskId("t1")))
                    .get()
                    .extracting(TaskView::state)
                    .isEqualTo(TaskState.RUNNING);
            assertThat(views.windows(NODE, 0, 100_000)).hasSize(1);
        });
    }

    private void produceARunningTask() throws Exception {
        log.configured(10).registered("n1", 7).submitted("t0").submitted("t1");
        produceFacts(log.placed("t1", 1, "n1", 7, 0).started("t1", 1).facts());
        produce(Topics.GPU_TELEMETRY, Map.of("n1", sample(25_000)));
    }

    private static void assertAnswers(Views views) {
        TaskId task = new TaskId("t1");
        assertThat(views.task(new TaskId("unknown"))).isEmpty();
        assertThat(views.tasks(null, null, 1))
                .extracting(t -> t.task().taskId())
                .containsExactly(new TaskId("t0"));
        assertThat(views.tasks(null, views.tasks(null, null, 1).getFirst().cursor(), 10))
                .extracting(t -> t.task().taskId())
                .containsExactly(task);
        assertThat(views.tasks(null, null, 10, Views.Order.NEWEST_FIRST))
                .extracting(t -> t.task().taskId())
                .containsExactly(task, new TaskId("t0"));
        assertThat(views.tasks(TaskState.RUNNING, null, 10)).hasSize(1);
        assertThat(views.tasks(TaskState.COMPLETED, null, 10)).isEmpty();
        List<Fact> history = views.history(task, 0, 10);
        assertThat(history).hasSize(3);
        assertThat(views.history(task, 0, 2)).isEqualTo(history.subList(0, 2));
        assertThat(views.history(task, history.get(1).sequence(), 2)).containsExactly(history.get(2));
        assertThat(views.history(task, history.get(2).sequence(), 2)).isEmpty();
        assertThat(views.node(NODE).orElseThrow().running()).hasSize(1);
        assertThat(views.nodeHistory(PoolId.DEFAULT, NODE).facts()).hasSize(1);
        assertThat(views.nodeHistory(new PoolId("other"), NODE).facts()).isEmpty();
        assertThat(views.nodes(null, 10)).hasSize(1);
        assertThat(views.nodes(NODE, 10)).isEmpty();
        assertThat(views.pools()).hasSize(1);
        assertThat(views.windows(NODE, 0, 100_000)).hasSize(1);
        assertThat(views.problems()).isEmpty();
    }

    @Test
    void answersFromWhatTheTopicsSay() throws Exception {
        Views views = readyViews();

        produceARunningTask();

        awaitRunning(views);
        await().atMost(PATIENCE).until(() -> views.telemetry(NODE).isPresent());
        await().atMost(PATIENCE).until(() -> views.telemetrySummary().gpus() == 1);
        assertAnswers(views);
    }

    @Test
    void anEmptyClusterHasEmptyAnswers() {
        Views views = readyViews();

        assertThat(views.tasks(null, null, 10)).isEmpty();
        assertThat(views.nodes(null, 10)).isEmpty();
        assertThat(views.pools()).isEmpty();
        assertThat(views.ownership().isComplete()).isTrue();
        assertThat(views.ownership().others()).isEmpty();
    }

    @Test
    void findsASubmissionOnceItWasSeen() throws Exception {
        Views views = readyViews();

        RecordMetadata written = submit("t1");
        views.whenCommandSeen(written.partition(), written.offset())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        assertThat(views.task(new TaskId("t1")))
                .get()
                .extracting(TaskView::sequence)
                .isEqualTo(0L);
    }

    @Test
    void knowsEverythingAfterARestart() throws Exception {
        ViewsApp first = startViews("a", 1);
        produceARunningTask();
        RecordMetadata written = submit("t2");
        awaitRunning(first.views());
        seen(first.views(), written);
        produceGarbage(Topics.TASK_COMMANDS.name(), written.partition());
        first.close();

        ViewsApp second = startViews("a", 1);
        awaitReady(second);

        seen(second.views(), written);
        assertThat(second.views().task(new TaskId("t1"))).isPresent();
        assertThat(second.views().history(new TaskId("t1"), 0, 10)).hasSize(3);
        assertThat(second.views().windows(NODE, 0, 100_000)).hasSize(1);
        second.views()
                .whenCommandSeen(written.partition(), written.offset() + 1)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void knowsEverythingAfterItsDisk() throws Exception {
        ViewsApp first = startViews("a", 1);
        produceARunningTask();
        awaitRunning(first.views());
        first.close();
        try (var files = Files.walk(directory.resolve("a"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }

        ViewsApp second = startViews("a", 1);
        awaitReady(second);

        assertAnswers(second.views());
    }

    private static void seen(Views views, RecordMetadata written) throws Exception {
        views.whenCommandSeen(written.partition(), written.offset())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    /** Damages each kind of file of a store by flipping bits, cutting or removing it: stores are only a cache. */
    @ParameterizedTest
    @CsvSource({"sst,flip", "sst,remove", "CURRENT,cut"})
    void rebuildsStoresWhoseFilesAreDamaged(String file, String damage) throws Exception {
        ViewsApp first = startViews("a", 1);
        produceARunningTask();
        awaitRunning(first.views());
        first.close();
        int damaged = 0;
        try (var files = Files.walk(directory.resolve("a"))) {
            for (Path path : files.filter(Files::isRegularFile)
                    .filter(path -> path.getFileName().toString().contains(file))
                    .toList()) {
                damage(path, damage);
                damaged++;
            }
        }

        ViewsApp second = startViewsUntilReady();

        assertThat(damaged).isPositive();
        assertThat(second.views().task(new TaskId("t1"))).isPresent();
        assertThat(second.views().history(new TaskId("t1"), 0, 10)).hasSize(3);
    }

    /** Starts views until one is ready: closes an app that has failed and starts another, as the API does. */
    private ViewsApp startViewsUntilReady() {
        ViewsApp app = startViews("a", 1);
        while (!app.isReady()) {
            ViewsApp current = app;
            await().atMost(PATIENCE).until(() -> current.isReady() || current.state() == ViewsApp.State.FAILED);
            if (current.state() == ViewsApp.State.FAILED) {
                current.close();
                app = startViews("a", 1);
            }
        }
        return app;
    }

    private static void damage(Path path, String damage) throws Exception {
        byte[] bytes = Files.readAllBytes(path);
        switch (damage) {
            case "flip" -> {
                for (int i = 0; i < bytes.length; i += 7) {
                    bytes[i] ^= 0x55;
                }
                Files.write(path, bytes);
            }
            case "cut" -> Files.write(path, Arrays.copyOf(bytes, bytes.length / 2));
            default -> Files.delete(path);
        }
    }

    @Test
    void garbageInEveryTopicGoesToTheDeadLetters() throws Exception {
        Views views = readyViews();
        for (Topic<?> topic : List.of(Topics.TASK_COMMANDS, Topics.CLUSTER_EVENTS, Topics.GPU_TELEMETRY)) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                produceGarbage(topic.name(), partition);
            }
        }

        produceARunningTask();

        awaitRunning(views);
        assertThat(deadLetters(12)).hasSize(12);
        assertAnswers(views);
    }

    private List<String> deadLetters(int expected) {
        List<String> topics = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(Topics.DEAD_LETTERS.name(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(letter -> topics.add(letter.topic()));
                return topics.size() >= expected;
            });
        }
        return topics;
    }

    /** The ids have the maximum length, so the gang's view and fact are larger than Kafka's default limit. */
    @Test
    void theWidestGangSurvivesARestart() throws Exception {
        ViewsApp first = startViews("a", 1);
        awaitReady(first);
        List<Allocation> allocations = IntStream.range(0, GpuRequest.MAX_COUNT)
                .mapToObj(i -> FactLog.allocation("%s%04d".formatted("n".repeat(124), i), 1, 0))
                .toList();
        TaskId taskId = new TaskId("t1");
        log.configured(10)
                .submitted("t1")
                .add(new ClusterEvent.TaskPlaced(taskId, 1, allocations, Collections.emptySortedMap()));
        log.add(new ClusterEvent.MemberEnded(taskId, 1, allocations.getFirst().nodeId(), false, 0, 0));
        produceFacts(log.facts());
        await().atMost(PATIENCE)
                .until(() -> first.views()
                        .task(taskId)
                        .filter(task -> task.membersOver().size() == 1)
                        .isPresent());
        first.close();

        ViewsApp second = startViews("elsewhere", 1);
        awaitReady(second);

        assertThat(second.views().task(taskId).orElseThrow().allocations()).isEqualTo(allocations);
        assertThat(second.views().history(taskId, 0, 10)).hasSize(3);
    }

    @Test
    void stopsBeforeALogThatNeedsANewerProgram() throws Exception {
        ViewsApp app = startViews("a", 1);
        awaitReady(app);
        var needed = new ReaderVersion(ReaderVersion.ofThisProgram().number() + 1);
        var started = new ClusterEvent.OrchestratorStarted(PoolId.DEFAULT, "newer", needed);
        log.configured(10).submitted("t1").add(started).submitted("t2");

        produceFacts(log.facts());

        await().atMost(PATIENCE).until(() -> app.state() == ViewsApp.State.FAILED);
        assertThat(app.newerLog())
                .hasValueSatisfying(error -> assertThat(error).hasMessage(new NewerLogError(needed).sentence()));
        assertThat(app.failure()).contains(new NewerLogError(needed).sentence());
        assertThat(end(new TopicPartition(Topics.DEAD_LETTERS.name(), 0))).isZero();
        long barrier = log.facts().stream().map(Fact::event).toList().indexOf(started);
        assertThat(committedFacts()).isLessThanOrEqualTo(barrier);
    }

    private long end(TopicPartition partition) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        }
    }

    /** Returns the committed offset of the views in the facts of the pool's partition. */
    private long committedFacts() throws Exception {
        var facts = new TopicPartition(Topics.CLUSTER_EVENTS.name(), PoolPartitioner.partition(PoolId.DEFAULT));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            var committed = admin.listConsumerGroupOffsets(ViewsApp.APPLICATION_ID)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(facts);
            return committed == null ? 0 : committed.offset();
        }
    }

    @Test
    void missingFactsAreAProblem() throws Exception {
        Views views = readyViews();
        List<Fact> facts = log.configured(10)
                .submitted("t1")
                .submitted("t2")
                .submitted("t3")
                .facts();

        produceFacts(List.of(facts.get(0), facts.get(2), facts.get(3)));

        await().atMost(PATIENCE).until(() -> views.task(new TaskId("t3")).isPresent());
        assertThat(views.problems())
                .containsExactly(
                        "Pool default: 2 facts were not applied because the log lacks some of them",
                        "Pool default: 1 facts did not fit the views");
    }

    @Test
    void instancesShareThePartitions() throws Exception {
        ViewsApp first = startViews("a", 1);
        ViewsApp second = startViews("b", 2);
        for (int i = 0; i < 20; i++) {
            PoolId pool = new PoolId("pool" + i);
            produceFacts(new FactLog(pool).configured(10).registered("n" + i, 1).facts());
        }

        await().atMost(PATIENCE).ignoreException(ViewsNotReadyException.class).untilAsserted(() -> {
            assertThat(first.views().ownership().others()).containsExactly(new Host("localhost", 2));
            assertThat(second.views().ownership().others()).containsExactly(new Host("localhost", 1));
            assertThat(first.views().ownership().isComplete()).isTrue();
            assertThat(first.views().pools().size() + second.views().pools().size())
                    .isEqualTo(20);
        });
        Ownership ownership = first.views().ownership();
        assertThat(first.views().pools())
                .isNotEmpty()
                .allSatisfy(pool -> assertThat(ownership.ofPool(pool.pool())).contains(ownership.self()));
        int elsewhere = ownership.poolPartitions().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(ownership.self()))
                .findFirst()
                .orElseThrow()
                .getKey();
        assertThatThrownBy(() -> first.views().whenCommandSeen(elsewhere, 0))
                .isInstanceOf(ViewsNotReadyException.class);
    }

    @Test
    void notReadyIsSaidSo() {
        ViewsApp app = startViews("a", 1);

        app.close();

        assertThat(app.isReady()).isFalse();
        assertThatThrownBy(() -> app.views().pools()).isInstanceOf(ViewsNotReadyException.class);
    }
}
