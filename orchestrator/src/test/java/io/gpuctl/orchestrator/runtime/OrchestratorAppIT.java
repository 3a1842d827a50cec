package io.gpuctl.orchestrator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolScoped;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.DeadLetters;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.TopicSetup;
import io.gpuctl.events.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrchestratorAppIT {
    private static final PoolId POOL = PoolId.DEFAULT;
    private static final int PARTITION = PoolPartitioner.partition(POOL);
    private static final NodeId NODE = new NodeId("n0");
    private static final TaskId TASK = new TaskId("t0");

    @TempDir
    Path directory;

    private EmbeddedBroker broker;
    private OrchestratorApp app;
    private KafkaProducer<String, byte[]> producer;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory.resolve("broker")));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            TopicSetup.ensureTopics(admin);
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
        app = startApp("one");
    }

    @AfterEach
    void stop() {
        app.close();
        producer.close(Duration.ofSeconds(1));
        broker.close();
    }

    private OrchestratorApp startApp(String instance) {
        return OrchestratorApp.start(new OrchestratorConfig(
                KafkaConnection.of(broker.bootstrapServers()),
                instance,
                directory.resolve(instance),
                ClusterClock.wall(),
                PoolSettings.withPolicy(PolicySpec.named("fifo")),
                0));
    }

    @Test
    void placesASubmittedTaskOnARegisteredNode() {
        register();
        submit(TASK);

        List<NodeCommand> commands = awaitRecords(Topics.PLACEMENTS, Topics.PLACEMENTS.deserializer(), 1);

        assertThat(commands).singleElement().isInstanceOfSatisfying(NodeCommand.StartAttempt.class, start -> {
            assertThat(start.attempt()).isEqualTo(new AttemptId(TASK, 1));
            assertThat(start.allocation().gpus()).containsExactly(0, 1);
        });
    }

    @Test
    void goesOnWithItsStateAfterARestart() {
        register();
        submit(TASK);
        TaskReport.Source told = TaskReport.Source.of(awaitStart());

        app.close();
        app = startApp("two");
        report(new TaskReport.Completed(told, new AttemptId(TASK, 1), now()));

        List<Fact> facts = awaitEvent(ClusterEvent.TaskCompleted.class);
        assertThat(facts).extracting(Fact::sequence).isEqualTo(sequence(facts.size()));
        assertThat(facts)
                .filteredOn(fact -> fact.event() instanceof ClusterEvent.OrchestratorStarted)
                .hasSize(2);
    }

    @Test
    void believesOnlyTheNodeThatWasGivenTheAttemptAndOnlyWhatCanBe() {
        register();
        submit(TASK, Work.lasting(3_600_000));
        NodeCommand.StartAttempt start = awaitStart();
        var attempt = start.attempt();
        var told = TaskReport.Source.of(start);
        var nobody = new TaskReport.Source(POOL, NODE, 1);
        var guessed = new TaskReport.Source(POOL, NODE, 1, "A".repeat(22));
        report(new TaskReport.Started(told, attempt, now()));
        List<TaskReport> forged = List.of(
                new TaskReport.Completed(nobody, attempt, now()),
                new TaskReport.Completed(guessed, attempt, now()),
                new TaskReport.Checkpointed(nobody, attempt, 5, now()),
                new TaskReport.Failed(nobody, attempt, 1, "", now()),
                new TaskReport.Stopped(nobody, attempt, 0, now()),
                new TaskReport.Faulted(nobody, attempt, 0, 79, "", 0, now()),
                // From here on as if sent by the node itself, but with impossible values.
                new TaskReport.Completed(told, attempt, now()),
                new TaskReport.Checkpointed(told, attempt, 3_600_001, now()),
                new TaskReport.Checkpointed(told, attempt, 3_000_000, now()),
                new TaskReport.Progressed(told, attempt, 3_000_000, now()),
                new TaskReport.Stopped(told, attempt, 1, 3_600_000, now()),
                new TaskReport.Stopped(told, attempt, 0, 0, Long.MAX_VALUE, now()),
                new TaskReport.Failed(told, attempt, 1, "", 1_000_000_000, now()));
        forged.forEach(this::report);
        report(new TaskReport.Checkpointed(told, attempt, 7, now()));
        report(new TaskReport.Checkpointed(told, attempt, 6, now()));
        report(new TaskReport.Failed(told, attempt, 1, "true", 3_000, now()));

        List<Fact> facts = awaitEvent(ClusterEvent.TaskRequeued.class);
        assertThat(facts.stream()
                        .filter(fact -> fact.cause().source().equals(Topics.TASK_REPORTS.name()))
                        .map(fact -> fact.event().getClass().getSimpleName()))
                .containsExactly("TaskStarted", "TaskCheckpointed", "TaskRequeued");
        assertThat(facts)
                .anySatisfy(fact -> assertThat(fact.event())
                        .isInstanceOfSatisfying(
                                ClusterEvent.TaskRequeued.class,
                                requeued -> assertThat(requeued.detail()).contains("true")));
        awaitRecords(Topics.DEAD_LETTERS, new ByteArrayDeserializer(), forged.size() + 1);
        assertThat(app.failure()).isEmpty();
    }

    @Test
    void putsGarbageIntoTheDeadLettersAndGoesOn() {
        byte[] garbage = "\u0000no json".getBytes(StandardCharsets.UTF_8);
        List<Topic<?>> inputs =
                List.of(Topics.TASK_COMMANDS, Topics.TASK_REPORTS, Topics.NODE_EVENTS, Topics.NODE_CONDITIONS);
        for (Topic<?> topic : inputs) {
            sendRaw(topic, PARTITION, garbage);
            sendRaw(topic, PARTITION, null);
        }
        int elsewhere = (PARTITION + 1) % Topics.POOL_PARTITIONS;
        TaskCommand misplaced = new TaskCommand.CancelTask(POOL, TASK, now());
        sendRaw(
                Topics.TASK_COMMANDS,
                elsewhere,
                Topics.TASK_COMMANDS.serializer().serialize("", misplaced));

        register();
        submit(TASK);

        awaitRecords(Topics.PLACEMENTS, Topics.PLACEMENTS.deserializer(), 1);
        awaitRecords(Topics.DEAD_LETTERS, new ByteArrayDeserializer(), 2 * inputs.size() + 1);
        assertThat(app.failure()).isEmpty();
    }

    @Test
    void aRecordFromTheFutureGoesToTheDeadLettersAndMovesNoClock() {
        for (long atMs : new long[] {now() + Duration.ofDays(3_650).toMillis(), Long.MAX_VALUE, -1}) {
            send(Topics.NODE_EVENTS, NODE.value(), new NodeEvent.Heartbeat(POOL, NODE, 1, List.of(), atMs));
            send(Topics.TASK_COMMANDS, "x", new TaskCommand.CancelTask(POOL, new TaskId("x"), atMs));
            send(
                    Topics.TASK_REPORTS,
                    "x",
                    new TaskReport.Completed(
                            new TaskReport.Source(POOL, NODE, 1), new AttemptId(new TaskId("x"), 1), atMs));
        }

        register();
        submit(TASK);

        awaitRecords(Topics.PLACEMENTS, Topics.PLACEMENTS.deserializer(), 1);
        awaitRecords(Topics.DEAD_LETTERS, new ByteArrayDeserializer(), 9);
        assertThat(awaitEvent(ClusterEvent.TaskPlaced.class))
                .allSatisfy(fact -> assertThat(fact.atMs()).isLessThan(now() + 30_000));
        assertThat(app.failure()).isEmpty();
    }

    /** The stored state is lost, so the state must come from the facts, which a newer program wrote. */
    @Test
    void decidesNothingInALogThatNeedsANewerProgram() {
        app.close();
        var needed = new ReaderVersion(ReaderVersion.ofThisProgram().number() + 1);
        var started = new ClusterEvent.OrchestratorStarted(POOL, "newer", needed);
        send(Topics.CLUSTER_EVENTS, POOL.value(), new Fact(POOL, 1, now(), Cause.TIMER, started));
        submit(TASK);

        app = startApp("older");

        await().atMost(Duration.ofSeconds(60)).until(() -> app.failure().isPresent());
        assertThat(NewerLogError.in(app.failure().orElseThrow()))
                .hasValueSatisfying(error -> assertThat(error).hasMessage(new NewerLogError(needed).sentence()));
        assertThat(read(Topics.CLUSTER_EVENTS, new ByteArrayDeserializer())).hasSize(1);
        assertThat(read(Topics.DEAD_LETTERS, new ByteArrayDeserializer())).isEmpty();
    }

    /** A gang of maximum width, with ids of maximum length. */
    @Test
    void runsTheWidestGang() {
        List<NodeId> nodes = IntStream.range(0, GpuRequest.MAX_COUNT)
                .mapToObj(i -> new NodeId("%s%04d".formatted("n".repeat(124), i)))
                .toList();
        nodes.forEach(node -> sendNowait(
                Topics.NODE_EVENTS,
                node.value(),
                new NodeEvent.Registered(
                        new NodeInventory(node, POOL, "A100", 1, 81_920, 64_000, 524_288, 60, 400, 25, 85), 1, now())));
        producer.flush();
        awaitFacts(ClusterEvent.NodeRegistered.class, nodes.size());
        TaskSpec gang = TaskSpec.of(TASK, GpuRequest.whole(nodes.size(), 1024), Work.lasting(1000))
                .overAnyNodes();
        send(Topics.TASK_COMMANDS, TASK.value(), new TaskCommand.SubmitTask(gang, now()));
        List<TaskReport.Source> sources =
                awaitRecords(Topics.PLACEMENTS, Topics.PLACEMENTS.deserializer(), nodes.size()).stream()
                        .map(TaskReport.Source::of)
                        .toList();

        AttemptId attempt = new AttemptId(TASK, 1);
        sources.forEach(source ->
                sendNowait(Topics.TASK_REPORTS, TASK.value(), new TaskReport.Started(source, attempt, now())));
        awaitFacts(ClusterEvent.TaskStarted.class, 1);
        app.close();
        app = startApp("two");
        sources.forEach(source ->
                sendNowait(Topics.TASK_REPORTS, TASK.value(), new TaskReport.Completed(source, attempt, now())));

        awaitFacts(ClusterEvent.TaskCompleted.class, 1);
        assertThat(app.failure()).isEmpty();
    }

    private void register() {
        NodeInventory inventory = new NodeInventory(NODE, POOL, "A100", 8, 81_920, 64_000, 524_288, 60, 400, 25, 85);
        send(Topics.NODE_EVENTS, NODE.value(), new NodeEvent.Registered(inventory, 1, now()));
        awaitEvent(ClusterEvent.NodeRegistered.class);
    }

    private NodeCommand.StartAttempt awaitStart() {
        return (NodeCommand.StartAttempt) awaitRecords(Topics.PLACEMENTS, Topics.PLACEMENTS.deserializer(), 1)
                .getFirst();
    }

    private void report(TaskReport report) {
        send(Topics.TASK_REPORTS, report.attempt().taskId().value(), report);
    }

    private void submit(TaskId taskId) {
        submit(taskId, Work.lasting(1000));
    }

    private void submit(TaskId taskId, Work work) {
        TaskSpec spec = TaskSpec.of(taskId, GpuRequest.whole(2, 1024), work);
        send(Topics.TASK_COMMANDS, taskId.value(), new TaskCommand.SubmitTask(spec, now()));
    }

    private <V extends PoolScoped> void send(Topic<V> topic, String key, V value) {
        send(new ProducerRecord<>(
                topic.name(), PARTITION, key, topic.serializer().serialize(topic.name(), value)));
    }

    private <V extends PoolScoped> void sendNowait(Topic<V> topic, String key, V value) {
        var _ = producer.send(new ProducerRecord<>(
                topic.name(), PARTITION, key, topic.serializer().serialize(topic.name(), value)));
    }

    private void awaitFacts(Class<? extends ClusterEvent> type, int count) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> read(Topics.CLUSTER_EVENTS, Topics.CLUSTER_EVENTS.deserializer()).stream()
                                .filter(fact -> type.isInstance(fact.event()))
                                .count()
                        == count);
    }

    private void sendRaw(Topic<?> topic, int partition, byte[] value) {
        send(new ProducerRecord<>(topic.name(), partition, "k", value));
    }

    private void send(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("Kafka did not take the record", e);
        }
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    private static List<Long> sequence(int length) {
        List<Long> numbers = new ArrayList<>();
        for (long number = 1; number <= length; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    private List<Fact> awaitEvent(Class<? extends ClusterEvent> type) {
        List<Fact> facts = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            facts.clear();
            facts.addAll(read(Topics.CLUSTER_EVENTS, Topics.CLUSTER_EVENTS.deserializer()));
            return facts.stream().anyMatch(fact -> type.isInstance(fact.event()));
        });
        return facts;
    }

    private <V> List<V> awaitRecords(Topic<V> topic, Deserializer<V> deserializer, int count) {
        List<V> values = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            values.clear();
            values.addAll(read(topic, deserializer));
            assertThat(values).hasSize(count);
        });
        return values;
    }

    /** Returns all committed records of a topic so far. */
    private <V> List<V> read(Topic<?> topic, Deserializer<V> deserializer) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
        List<V> values = new ArrayList<>();
        try (KafkaConsumer<String, V> consumer = new KafkaConsumer<>(config, new StringDeserializer(), deserializer)) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo info : consumer.partitionsFor(topic.name())) {
                partitions.add(new TopicPartition(info.topic(), info.partition()));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, V> record : consumer.poll(Duration.ofMillis(100))) {
                    if (topic.equals(Topics.DEAD_LETTERS)) {
                        assertThat(record.headers().lastHeader(DeadLetters.EXCEPTION_HEADER))
                                .isNotNull();
                    }
                    values.add(record.value());
                }
            }
        }
        return values;
    }
}
