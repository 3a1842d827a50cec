package io.gpuctl.cli.cluster;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.PoolRecord;
import io.gpuctl.events.WallTime;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The clock of a cluster that was stopped: cluster time goes on after the newest time in its log. At another speed than 1
 * a clock that ran through the downtime would jump over days.
 *
 * <p>One record with a wrong time must not move it: what most of the last words of the nodes say counts, and facts only as
 * far as they agree with that.
 */
final class ResumedClock {

    /** Records whose time is the clock's at the moment of writing. Facts repeat their times, and may be far behind. */
    private static final List<Topic<?>> STAMPED =
            List.of(Topics.CLUSTER_EVENTS, Topics.TASK_COMMANDS, Topics.NODE_EVENTS, Topics.GPU_TELEMETRY);

    private static final Set<String> OF_NODES = Set.of(Topics.NODE_EVENTS.name(), Topics.GPU_TELEMETRY.name());

    /** From here on each partition is read. A transaction's end takes an offset, but is no record: one would not do. */
    private static final int TAIL_OFFSETS = 100;

    /** So many words of nodes are compared, of the last ones in a partition. */
    private static final int WORDS = 15;

    private static final int WORDS_MIN = 5;

    /** How far facts may be ahead of what nodes say, wall-clock time: for so long there may have been none. */
    private static final long FACTS_AHEAD_WALL_MS_MAX = 3_600_000;

    private static final Duration POLL = Duration.ofMillis(200);

    private ResumedClock() {}

    /**
     * A record's time, and when it was written.
     *
     * @param atMs ms of cluster time
     * @param wallMs ms of wall-clock time
     */
    record Stamp(long atMs, long wallMs) {
        long aheadMs() {
            return atMs - wallMs;
        }
    }

    /** At speed 1 cluster time is wall-clock time, unless the cluster has run ahead of it. */
    static ClusterClock of(KafkaConnection kafka, double speed, WallTime time) {
        Map<TopicPartition, List<Stamp>> tails = tails(kafka);
        return of(
                tails.entrySet().stream()
                        .filter(tail -> OF_NODES.contains(tail.getKey().topic()))
                        .map(Map.Entry::getValue)
                        .toList(),
                tails.entrySet().stream()
                        .filter(tail -> !OF_NODES.contains(tail.getKey().topic()))
                        .map(Map.Entry::getValue)
                        .toList(),
                speed,
                time);
    }

    /** {@code ofNodes} and {@code others}: the last stamps of each partition. */
    static ClusterClock of(List<List<Stamp>> ofNodes, List<List<Stamp>> others, double speed, WallTime time) {
        OptionalLong nodesMs = latest(ofNodes, Stamp::atMs);
        OptionalLong othersMs = others.stream()
                .flatMap(List::stream)
                .mapToLong(Stamp::atMs)
                .filter(atMs -> isPlausible(atMs, nodesMs, speed))
                .max();
        OptionalLong newestMs = nodesMs.isPresent() && nodesMs.getAsLong() >= othersMs.orElse(0) ? nodesMs : othersMs;
        long wallMs = time.nowMs();
        boolean ranAhead = latest(ofNodes, Stamp::aheadMs).orElseGet(() -> newestMs.orElse(0) - wallMs)
                > ClusterClock.AHEAD_WALL_MS_MAX;
        return speed == 1 && !(ranAhead && newestMs.orElse(0) > wallMs)
                ? ClusterClock.wall().following(time)
                : new ClusterClock(wallMs, newestMs.isEmpty() ? wallMs : newestMs.getAsLong() + 1, speed, time);
    }

    private static boolean isPlausible(long atMs, OptionalLong nodesMs, double speed) {
        return nodesMs.isEmpty()
                ? atMs < Long.MAX_VALUE
                : atMs - nodesMs.getAsLong() <= Math.round(FACTS_AHEAD_WALL_MS_MAX * speed);
    }

    /** What most say: the median of the last words in each partition that has some, and of these the latest. */
    private static OptionalLong latest(List<List<Stamp>> partitions, ToLongFunction<Stamp> what) {
        return partitions.stream()
                .filter(stamps -> stamps.size() >= WORDS_MIN)
                .map(stamps -> stamps.subList(Math.max(0, stamps.size() - WORDS), stamps.size()))
                .mapToLong(words -> words.stream()
                        .mapToLong(what)
                        .sorted()
                        .skip(words.size() / 2)
                        .findFirst()
                        .orElseThrow())
                .max();
    }

    private static Map<TopicPartition, List<Stamp>> tails(KafkaConnection kafka) {
        Map<String, Object> config = kafka.with(Map.of(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, ""));
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = partitions();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            ends.forEach((partition, end) ->
                    consumer.seek(partition, Math.max(begins.getOrDefault(partition, 0L), end - TAIL_OFFSETS)));
            Map<TopicPartition, List<Stamp>> tails = new HashMap<>();
            while (!ends.isEmpty()) {
                for (var record : consumer.poll(POLL)) {
                    var partition = new TopicPartition(record.topic(), record.partition());
                    atMs(record)
                            .ifPresent(atMs -> tails.computeIfAbsent(partition, _ -> new ArrayList<>())
                                    .add(new Stamp(atMs, record.timestamp())));
                }
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
            return tails;
        }
    }

    private static List<TopicPartition> partitions() {
        return STAMPED.stream()
                .flatMap(topic -> IntStream.range(0, topic.partitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .toList();
    }

    private static OptionalLong atMs(ConsumerRecord<byte[], byte[]> record) {
        Topic<?> topic = Topics.named(record.topic()).orElseThrow();
        try (var deserializer = topic.deserializer()) {
            return switch (deserializer.deserialize(record.topic(), record.value())) {
                case PoolRecord dated -> OptionalLong.of(dated.atMs());
                case null, default -> OptionalLong.empty();
            };
        } catch (SerializationException _) {
            return OptionalLong.empty(); // Garbage: whoever reads the topic for its content reports it.
        }
    }
}
