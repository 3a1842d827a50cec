package io.gpuctl.cli.kafka;

import static io.gpuctl.cli.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Finds cuts while a writer commits and a broker compacts continuously: each transaction writes its number to every key
 * of two changelogs, and to a log.
 */
@Timeout(120)
class CommitCutIT {
    private static final int KEYS = 40;

    /**
     * Number of keys that never change, before the other keys: while they are read, the broker compacts the keys behind
     * them.
     */
    private static final int FILLERS = 60_000;

    private static final String FILLER = "filler ".repeat(20);
    private static final TopicPartition FACTS = new TopicPartition("facts", 0);
    private static final List<TopicPartition> CHANGELOGS =
            List.of(new TopicPartition("one-changelog", 0), new TopicPartition("other-changelog", 0));

    @TempDir
    Path directory;

    private final AtomicLong committed = new AtomicLong();

    @Test
    void isAsOfOneCommitInAllPartitions() throws Exception {
        Map<String, String> fastCleaner = Map.of("log.cleaner.backoff.ms", "50");
        try (var broker =
                EmbeddedBroker.start(new EmbeddedBroker.Config(directory, 0, Duration.ofMinutes(1), fastCleaner))) {
            createTopics(broker.bootstrapServers());
            writeFillers(broker.bootstrapServers());
            var stop = new AtomicBoolean();
            Thread writer = Thread.ofPlatform().start(() -> write(broker.bootstrapServers(), stop));
            try (var topics = new TopicEnds(KafkaConnection.of(broker.bootstrapServers()))) {
                await().until(() -> committed.get() > 100);
                for (int i = 0; i < 5; i++) {
                    assertIsOfOneCommit(topics, broker.bootstrapServers());
                }
            } finally {
                stop.set(true);
                writer.join();
            }
        }
    }

    private void assertIsOfOneCommit(TopicEnds topics, String bootstrapServers) {
        long before = committed.get();
        try (var progress = new Progress("reading", null)) {
            Optional<CommitCut> found = CommitCut.find(topics, List.of(FACTS), CHANGELOGS, progress);

            CommitCut cut = found.orElseThrow();
            long commit = lastFact(bootstrapServers, cut.ends().getOrDefault(FACTS, 0L), progress);
            assertThat(commit).isGreaterThanOrEqualTo(before);
            for (TopicPartition changelog : CHANGELOGS) {
                List<String> values = cut.newest(changelog).stream()
                        .map(CommitCutIT::value)
                        .filter(value -> !value.equals(FILLER))
                        .toList();
                assertThat(values).hasSize(KEYS).containsOnly(String.valueOf(commit));
            }
        }
    }

    private static long lastFact(String bootstrapServers, long end, Progress progress) {
        String last = "0";
        // A commit takes two offsets: one for the record and one for the marker.
        try (var reader = new PartitionReader(
                KafkaConnection.of(bootstrapServers), FACTS, Math.max(0, end - 10), end, progress)) {
            while (reader.hasNext()) {
                last = value(reader.next());
            }
        }
        return Long.parseLong(last);
    }

    private static String value(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        byte @Nullable [] value = record.value();
        return value == null ? "" : new String(value, UTF_8);
    }

    private static void createTopics(String bootstrapServers) throws Exception {
        Map<String, String> compacted =
                Map.of("cleanup.policy", "compact", "segment.ms", "100", "min.cleanable.dirty.ratio", "0.01");
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            List<NewTopic> topics = new ArrayList<>();
            topics.add(new NewTopic(FACTS.topic(), Optional.of(1), Optional.empty()));
            CHANGELOGS.forEach(changelog ->
                    topics.add(new NewTopic(changelog.topic(), Optional.of(1), Optional.empty()).configs(compacted)));
            admin.createTopics(topics).all().get();
        }
    }

    private static void writeFillers(String bootstrapServers) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new StringSerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (TopicPartition changelog : CHANGELOGS) {
                for (int i = 0; i < FILLERS; i++) {
                    sent.add(producer.send(new ProducerRecord<>(changelog.topic(), 0, "filler-" + i, FILLER)));
                }
            }
            for (Future<?> future : sent) {
                future.get();
            }
        }
    }

    private void write(String bootstrapServers, AtomicBoolean stop) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "writer"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            for (long n = 1; !stop.get(); n++) {
                String value = String.valueOf(n);
                producer.beginTransaction();
                List<Future<?>> sent = new ArrayList<>();
                sent.add(producer.send(new ProducerRecord<>(FACTS.topic(), 0, null, value)));
                for (TopicPartition changelog : CHANGELOGS) {
                    for (int key = 0; key < KEYS; key++) {
                        sent.add(producer.send(new ProducerRecord<>(changelog.topic(), 0, "key-" + key, value)));
                    }
                }
                producer.commitTransaction();
                assertThat(sent).allMatch(Future::isDone);
                committed.set(n);
            }
        }
    }
}
