package io.gpuctl.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.log.LogRecord;
import io.gpuctl.audit.log.PartitionFile;
import io.gpuctl.audit.rules.Entry;
import io.gpuctl.audit.rules.RecordedCluster;
import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.cli.CommandRun;
import io.gpuctl.events.Fact;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.TopicSetup;
import io.gpuctl.events.kafka.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests export and import with real brokers. One broker has a recorded cluster and every other kind of record that a
 * topic may have.
 */
@Timeout(180)
class LogCommandIT {
    private static final int PARTITION = RecordedCluster.PARTITION;

    /** An hour ago. One test has older records, which some topics no longer keep. */
    private static final long START_MS = System.currentTimeMillis() - 3_600_000;

    private static final RecordedCluster CLUSTER = RecordedCluster.eventful();

    @TempDir
    static Path shared;

    @TempDir
    Path directory;

    private static EmbeddedBroker recorded;

    /** All topics of the recorded cluster. */
    private static Path exported;

    @BeforeAll
    static void record() throws Exception {
        recorded = EmbeddedBroker.start(EmbeddedBroker.Config.in(shared.resolve("recorded")));
        createTopics(recorded);
        try (var plain = producer(recorded, Map.of());
                var transactional = producer(recorded, Map.of("transactional.id", "orchestrator"))) {
            write(plain, Topics.TASK_COMMANDS, CLUSTER.commands);
            write(plain, Topics.TASK_REPORTS, CLUSTER.reports);
            write(plain, Topics.NODE_EVENTS, CLUSTER.nodeEvents);
            writeAnything(plain);
            transactional.initTransactions();
            writeInTransactions(transactional);
        }
        exported = shared.resolve("exported");
        CommandRun run = export(recorded, exported, "--topics", "all");
        assertThat(run.err()).isEmpty();
    }

    @AfterAll
    static void stop() {
        recorded.close();
    }

    private static void createTopics(EmbeddedBroker broker) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            TopicSetup.ensureTopics(admin);
        }
    }

    private static KafkaProducer<byte @Nullable [], byte @Nullable []> producer(
            EmbeddedBroker broker, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static <V> void write(
            KafkaProducer<byte @Nullable [], byte @Nullable []> producer, Topic<V> topic, List<Entry<V>> entries)
            throws Exception {
        for (int i = 0; i < entries.size(); i++) {
            producer.send(record(topic, entries.get(i).value(), i)).get();
        }
    }

    /** Returns a record; there is one record each second. */
    private static <V> ProducerRecord<byte @Nullable [], byte @Nullable []> record(
            Topic<V> topic, V value, int second) {
        try (var serializer = topic.serializer()) {
            return new ProducerRecord<>(
                    topic.name(),
                    PARTITION,
                    START_MS + second * 1_000L,
                    "key".getBytes(UTF_8),
                    serializer.serialize(topic.name(), value));
        }
    }

    private static void writeAnything(KafkaProducer<byte @Nullable [], byte @Nullable []> producer) throws Exception {
        List<byte @Nullable []> values = new ArrayList<>(List.of(
                "{ \"spaced\" : 1.0e2,\"a\":\"\\u00e9é\",\"a\":null }".getBytes(UTF_8),
                "{\"on\":\n\"two lines\"}".getBytes(UTF_8),
                "null".getBytes(UTF_8),
                "garbage".getBytes(UTF_8),
                new byte[] {'{', (byte) 0xff, '}'},
                new byte[0]));
        values.add(null);
        for (byte @Nullable [] value : values) {
            var record = new ProducerRecord<byte @Nullable [], byte @Nullable []>(
                    Topics.DEAD_LETTERS.name(), 0, START_MS, null, value);
            record.headers()
                    .add("twice", "text".getBytes(UTF_8))
                    .add("twice", new byte[] {(byte) 0x80, 0})
                    .add("null", null);
            producer.send(record).get();
        }
        producer.send(new ProducerRecord<>(
                        Topics.TASK_COMMANDS.name(), 0, START_MS + 500, new byte[] {(byte) 0xfe}, values.get(3)))
                .get();
        producer.send(new ProducerRecord<>(
                        Topics.GPU_TELEMETRY.name(), 2, START_MS, "n1".getBytes(UTF_8), values.getFirst()))
                .get();
    }

    /**
     * Writes like the orchestrator: each transaction has a fact and its consequences, and some transactions are
     * aborted.
     */
    private static void writeInTransactions(KafkaProducer<byte @Nullable [], byte @Nullable []> producer)
            throws Exception {
        for (int i = 0; i < CLUSTER.facts.size(); i++) {
            var fact = record(Topics.CLUSTER_EVENTS, CLUSTER.facts.get(i).value(), i);
            if (i % 5 == 0) {
                producer.beginTransaction();
                producer.send(fact).get();
                producer.send(condition(i)).get();
                producer.abortTransaction();
            }
            producer.beginTransaction();
            producer.send(fact).get();
            if (i % 3 < 2) {
                producer.send(condition(i)).get();
            }
            if (i < CLUSTER.placements.size()) {
                producer.send(record(
                                Topics.PLACEMENTS, CLUSTER.placements.get(i).value(), i))
                        .get();
            }
            producer.commitTransaction();
        }
    }

    /**
     * Returns a node condition. Facts may name such a record as their cause, although it is written in transactions.
     */
    private static ProducerRecord<byte @Nullable [], byte @Nullable []> condition(int number) {
        return new ProducerRecord<>(
                Topics.NODE_CONDITIONS.name(),
                PARTITION,
                START_MS + number * 1_000L,
                "n1".getBytes(UTF_8),
                "{\"number\":%d}".formatted(number).getBytes(UTF_8));
    }

    private static CommandRun export(EmbeddedBroker broker, Path to, String... more) {
        return CommandRun.local(Stream.concat(
                        Stream.of("log", "export", "--kafka", broker.bootstrapServers(), "-o", to.toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private static CommandRun importInto(EmbeddedBroker broker, Path from, String... more) {
        return CommandRun.local(Stream.concat(
                        Stream.of("log", "import", from.toString(), "--kafka", broker.bootstrapServers()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private EmbeddedBroker newBroker() {
        return EmbeddedBroker.start(EmbeddedBroker.Config.in(directory.resolve("other")));
    }

    @Test
    void putsBackEveryByteAtOnceAndThenExportsTheSame() throws Exception {
        try (EmbeddedBroker other = newBroker()) {
            CommandRun imported = importInto(other, exported);
            CommandRun again = export(other, directory.resolve("again"), "--topics", "all");

            assertThat(imported.err()).isEmpty();
            assertThat(again.exitCode()).isZero();
            assertThat(imported.out())
                    .contains("of 9 topics", "%,d of them have a new offset".formatted(recordsWithMovedOffsets()));
            assertThat(everything(other)).isEqualTo(everything(recorded));
            for (String file : dataFiles()) {
                Path before = exported.resolve(file);
                Path after = directory.resolve("again").resolve(file);
                if (isInTransactions(file)) {
                    assertThat(linesWithoutOffsets(after)).isEqualTo(linesWithoutOffsets(before));
                } else {
                    assertThat(after).hasSameBinaryContentAs(before);
                }
            }
        }
    }

    /** Otherwise, the orchestrator would decide all inputs again, and each task would exist twice. */
    @Test
    void anOrchestratorGoesOnBehindTheImportedFacts() throws Exception {
        long behindLast = CLUSTER.facts.stream()
                .map(entry -> entry.value().cause())
                .filter(cause -> cause.source().equals(Topics.TASK_COMMANDS.name()))
                .mapToLong(cause -> cause.offset() + 1)
                .max()
                .orElseThrow();

        try (EmbeddedBroker other = newBroker();
                var admin = Admin.create(Map.of("bootstrap.servers", other.bootstrapServers()))) {
            importInto(other, exported);

            assertThat(admin.listConsumerGroupOffsets("gpuctl-orchestrator")
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(new TopicPartition(Topics.TASK_COMMANDS.name(), PARTITION))
                            .offset())
                    .isEqualTo(behindLast);
        }
    }

    @Test
    void hasTheSameBytesWheneverItIsExported() throws IOException {
        export(recorded, directory.resolve("again"), "--topics", "all");

        for (String file : dataFiles()) {
            assertThat(directory.resolve("again").resolve(file)).hasSameBinaryContentAs(exported.resolve(file));
        }
    }

    @Test
    void leavesOutWhatWasAborted() {
        EventLogReader log = EventLogReader.open(exported);
        PartitionFile facts = log.manifest()
                .topic("cluster-events")
                .orElseThrow()
                .partitions()
                .get(PARTITION);

        try (Stream<LogRecord<Fact>> records = log.facts(PARTITION)) {
            assertThat(records.map(LogRecord::value).toList())
                    .isEqualTo(CLUSTER.facts.stream().map(Entry::value).toList());
        }
        assertThat(facts.firstOffset()).isEqualTo(2); // After an aborted record and its marker.
        assertThat(facts.hasPlainOffsets()).isFalse();
    }

    @Test
    void exportsWithoutTelemetryAndDeadLettersUnlessAsked() {
        export(recorded, directory.resolve("default"));

        assertThat(EventLogReader.open(directory.resolve("default")).manifest().topicNames())
                .containsExactly(
                        "task-commands",
                        "placements",
                        "task-reports",
                        "node-events",
                        "cluster-events",
                        "node-conditions");
    }

    @Test
    void exportsBetweenTwoTimesOfRecords() {
        CommandRun run = export(
                recorded,
                directory.resolve("part"),
                "--topics",
                "cluster-events,node-events",
                "--from",
                Instant.ofEpochMilli(START_MS + 2_000).toString(),
                "--to",
                Long.toString(START_MS + 5_000));

        EventLogReader log = EventLogReader.open(directory.resolve("part"));
        assertThat(run.exitCode()).isZero();
        assertThat(log.manifest().topicNames()).containsExactly("node-events", "cluster-events");
        assertThat(log.manifest().fromMs()).isEqualTo(START_MS + 2_000);
        try (Stream<LogRecord<Fact>> records = log.facts(PARTITION)) {
            assertThat(records.map(record -> record.timestampMs() - START_MS)).containsExactly(2_000L, 3_000L, 4_000L);
        }
    }

    @Test
    void worksOnDataDirectories() throws Exception {
        Path data = directory.resolve("data");
        Path again = directory.resolve("again");

        CommandRun imported = CommandRun.local("log", "import", exported.toString(), "--data", data.toString());
        CommandRun second = CommandRun.local("log", "import", exported.toString(), "--data", data.toString());
        CommandRun back = CommandRun.local("log", "export", "--data", data.toString(), "-o", again.toString());

        assertThat(imported.exitCode()).isZero();
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).contains("has had records", "new data directory");
        assertThat(back.exitCode()).isZero();
        assertThat(again.resolve("task-commands-0.jsonl.gz"))
                .hasSameBinaryContentAs(exported.resolve("task-commands-0.jsonl.gz"));
    }

    @Test
    void keepsWhatIsOlderThanItsTopicKeepsAndTheOrderOfTimeWhenPaced() throws Exception {
        Path old = directory.resolve("old");
        Duration spacing = Duration.ofDays(1);
        long firstMs = System.currentTimeMillis() - Duration.ofDays(10).toMillis();
        try (EmbeddedBroker other = newBroker()) {
            createTopics(other);
            try (var producer = producer(other, Map.of())) {
                for (int i = 0; i < 3; i++) {
                    byte[] value = "{\"i\":%d}".formatted(i).getBytes(UTF_8);
                    long atMs = firstMs + i * spacing.toMillis();
                    producer.send(new ProducerRecord<>(Topics.TASK_COMMANDS.name(), 1, atMs, null, value))
                            .get();
                    producer.send(new ProducerRecord<>(Topics.CLUSTER_EVENTS.name(), 1, atMs + 1, null, value))
                            .get();
                }
            }
            export(other, old);
        }
        try (var target = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory.resolve("target")))) {
            long startNanos = System.nanoTime();

            CommandRun imported = importInto(target, old, "--speed", Long.toString(spacing.toMillis() / 500));

            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThan(Duration.ofSeconds(1));
            assertThat(imported.err()).isEmpty();
            assertThat(imported.out()).contains("imported 6 records", "kept for ever", ": task-commands\n");
            assertThat(retentionMs(target, Topics.TASK_COMMANDS)).isEqualTo("-1");
            assertThat(retentionMs(target, Topics.TASK_REPORTS)).isNotEqualTo("-1");
        }
    }

    @Test
    void refusesToOverwrite() throws IOException {
        Files.writeString(directory.resolve("mine"), "");

        CommandRun run = export(recorded, directory);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(directory.toString(), "is not empty");
        assertThat(directory).isDirectoryContaining("glob:**/mine");
    }

    @Test
    void leavesNothingBehindWhenItFails() throws Exception {
        try (EmbeddedBroker other = newBroker()) {
            CommandRun run = export(other, directory.resolve("log"));

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("has no topic task-commands");
        }
        assertThat(directory).isDirectoryNotContaining("glob:**/log*");
    }

    @Test
    void refusesAChangedLogBeforeItWritesAnything() throws Exception {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        try (Stream<Path> files = Files.list(exported)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Files.write(copy.resolve("node-events-0.jsonl.gz"), new byte[] {0}, StandardOpenOption.APPEND);
        Path data = directory.resolve("data");

        CommandRun run = CommandRun.local("log", "import", copy.toString(), "--data", data.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("node-events-0.jsonl.gz", "manifest.json says");
        assertThat(data).doesNotExist();
    }

    @Test
    void saysWhatIsWrongWithACommandLine() {
        assertUsage("--from must be before --to", "--from", "2", "--to", "1");
        assertUsage("'yesterday' is not a time", "--from", "yesterday");
        assertUsage("'tasks' is not a topic; the topics are task-commands,", "--topics", "tasks");
    }

    private void assertUsage(String message, String... options) {
        CommandRun run = export(recorded, directory.resolve("log"), options);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    @Test
    void saysWhenThereIsNoBroker() {
        CommandRun run = CommandRun.local("log", "import", exported.toString(), "--kafka", "127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(69);
        assertThat(run.err()).contains("127.0.0.1:1", "does not answer");
    }

    private static String retentionMs(EmbeddedBroker broker, Topic<?> topic) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
            return admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get("retention.ms")
                    .value();
        }
    }

    private static List<String> dataFiles() {
        return EventLogReader.open(exported).manifest().topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(PartitionFile::file)
                .toList();
    }

    private static boolean isInTransactions(String file) {
        return file.equals("cluster-events-%d.jsonl.gz".formatted(PARTITION))
                || file.equals("placements-%d.jsonl.gz".formatted(PARTITION));
    }

    /**
     * Returns the number of records in transactions, except the first placement, which comes before the first marker.
     */
    private static long recordsWithMovedOffsets() {
        return CLUSTER.facts.size() + CLUSTER.placements.size() - 1L;
    }

    private static List<String> linesWithoutOffsets(Path file) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("\"offset\":\\d+,", "").replaceFirst(",\"crc32c\":\"\\w+\"}$", "}"))
                    .toList();
        }
    }

    /** Returns all committed records as text, without using the code under test. */
    private static List<String> everything(EmbeddedBroker broker) {
        List<TopicPartition> partitions = Topics.ALL.stream()
                .flatMap(topic ->
                        IntStream.range(0, topic.partitions()).mapToObj(i -> new TopicPartition(topic.name(), i)))
                .toList();
        List<String> all = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            for (TopicPartition partition : partitions) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                while (consumer.position(partition) < end) {
                    consumer.poll(Duration.ofMillis(100)).forEach(record -> all.add(text(record)));
                }
            }
        }
        return all;
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder text = new StringBuilder("%s-%d %d %s %s"
                .formatted(
                        record.topic(),
                        record.partition(),
                        record.timestamp(),
                        hex(record.key()),
                        hex(record.value())));
        record.headers()
                .forEach(header ->
                        text.append(' ').append(header.key()).append('=').append(hex(header.value())));
        return text.toString();
    }

    private static String hex(byte @Nullable [] bytes) {
        return bytes == null ? "null" : HexFormat.of().formatHex(bytes);
    }

    @Test
    void writesTheRecordedClusterAsMetrics() throws IOException {
        Path ofFiles = directory.resolve("files.om");
        Path ofKafka = directory.resolve("kafka.om");

        CommandRun files = CommandRun.local("log", "metrics", exported.toString(), "-o", ofFiles.toString());
        CommandRun kafka =
                CommandRun.local("log", "metrics", "--kafka", recorded.bootstrapServers(), "-o", ofKafka.toString());

        assertThat(files.exitCode()).as(files.err()).isZero();
        assertThat(kafka.exitCode()).as(kafka.err()).isZero();
        assertThat(files.out()).isEqualTo("wrote " + ofFiles + "\n");
        assertThat(files.err()).contains(" series, ", "one every 15s, from ");
        assertThat(ofFiles)
                .hasSameTextualContentAs(ofKafka)
                .content()
                .contains("# TYPE gpuctl_tasks_ended counter\n", "gpuctl_node_info{", "policy=\"")
                .endsWith("\n# EOF\n");
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void saysWhichLogIsNone() {
        CommandRun noLog = CommandRun.local("log", "metrics", directory.toString(), "-o", directory + "/a.om");
        CommandRun noFolder = CommandRun.local("log", "metrics", exported.toString(), "-o", directory + "/no/a.om");

        assertThat(noLog.exitCode()).isOne();
        assertThat(noLog.err()).contains(directory + " is not a directory that gpuctl log export wrote");
        assertThat(noFolder.exitCode()).isOne();
        assertThat(noFolder.err()).contains("/no/a.om cannot be written: ");
    }
}
