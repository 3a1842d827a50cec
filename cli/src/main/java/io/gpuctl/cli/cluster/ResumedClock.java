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
 * The clock of a restarted cluster: cluster time continues from the newest time in its log. At a speed other than 1, a
 * clock that ran through the downtime would jump ahead by days.
 *
 * <p>One record with a wrong time must not move the clock. So the clock uses the time that most of the nodes' last
 * records agree on, and facts only if their time is close to that.
 */
final class ResumedClock {

    /**
     * Topics whose records carry the clock's time when they are written. Facts repeat older times, and may be far
     * behind.
     */
    private static final List<Topic<?>> STAMPED =
            List.of(Topics.CLUSTER_EVENTS, Topics.TASK_COMMANDS, Topics.NODE_EVENTS, Topics.GPU_TELEMETRY);

    private static final Set<String> OF_NODES = Set.of(Topics.NODE_EVENTS.name(), Topics.GPU_TELEMETRY.name());

    /**
     * The number of offsets before the end of each partition that are read. It is more than one, because the end of a
     * transaction takes an offset, but is not a record.
     */
    private static final int TAIL_OFFSETS = 100;

    /** The number of last records that are compared in each partition of the nodes. */
    private static final int WORDS = 15;

    private static final int WORDS_MIN = 5;

    /**
     * The maximum by which facts may be ahead of the nodes' records, in wall-clock time: the nodes may have been silent
     * for that long.
     */
    private static final long FACTS_AHEAD_WALL_MS_MAX = 3_600_000;

    private static final Duration POLL = Duration.ofMillis(200);

    private ResumedClock() {}

    /**
     * The time in a record, and the time when the record was written.
     *
     * @param atMs ms of cluster time
     * @param wallMs ms of wall-clock time
     */
    record Stamp(long atMs, long wallMs) {
        long aheadMs() {
            return atMs - wallMs;
        }
    }

    /** Returns the clock. At speed 1, cluster time is wall-clock time, unless the cluster has run ahead of it. */
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

    /**
     * Returns the latest of the medians of the last records in each partition; empty if no partition has enough
     * records.
     */
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
            return OptionalLong.empty(); // Invalid record: the service that reads the topic reports it.
        }
    }
}
