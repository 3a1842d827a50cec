package io.gpuctl.cli.cluster;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
 */
final class ResumedClock {

    /** Records whose time is the clock's at the moment of writing. Facts repeat their times, and may be far behind. */
    private static final List<Topic<?>> STAMPED =
            List.of(Topics.CLUSTER_EVENTS, Topics.TASK_COMMANDS, Topics.NODE_EVENTS, Topics.GPU_TELEMETRY);

    /** From here on each partition is read. A transaction's end takes an offset, but is no record: one would not do. */
    private static final int TAIL_OFFSETS = 100;

    private static final Duration POLL = Duration.ofMillis(200);

    private ResumedClock() {}

    /** At speed 1 cluster time is wall-clock time, unless the log is ahead of it. */
    static ClusterClock of(KafkaConnection kafka, double speed) {
        long wallMs = System.currentTimeMillis();
        OptionalLong newestMs = newestMs(kafka);
        if (newestMs.isEmpty()) {
            return speed == 1 ? ClusterClock.wall() : ClusterClock.startingAt(wallMs, speed);
        }
        boolean followsTheWall = speed == 1 && newestMs.getAsLong() < wallMs;
        return followsTheWall ? ClusterClock.wall() : ClusterClock.startingAt(newestMs.getAsLong() + 1, speed);
    }

    private static OptionalLong newestMs(KafkaConnection kafka) {
        Map<String, Object> config = kafka.with(Map.of(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, ""));
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = partitions();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            ends.forEach((partition, end) ->
                    consumer.seek(partition, Math.max(begins.getOrDefault(partition, 0L), end - TAIL_OFFSETS)));
            OptionalLong newest = OptionalLong.empty();
            while (!ends.isEmpty()) {
                for (var record : consumer.poll(POLL)) {
                    newest = later(newest, atMs(record));
                }
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
            return newest;
        }
    }

    private static List<TopicPartition> partitions() {
        return STAMPED.stream()
                .flatMap(topic -> IntStream.range(0, topic.partitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .toList();
    }

    private static OptionalLong later(OptionalLong a, OptionalLong b) {
        return a.isEmpty() || (b.isPresent() && b.getAsLong() > a.getAsLong()) ? b : a;
    }

    private static OptionalLong atMs(ConsumerRecord<byte[], byte[]> record) {
        Topic<?> topic = Topics.named(record.topic()).orElseThrow();
        try (var deserializer = topic.deserializer()) {
            return switch (deserializer.deserialize(record.topic(), record.value())) {
                case Fact fact -> OptionalLong.of(fact.atMs());
                case TaskCommand command -> OptionalLong.of(command.atMs());
                case NodeEvent event -> OptionalLong.of(event.atMs());
                case NodeTelemetry telemetry -> OptionalLong.of(telemetry.atMs());
                case null, default -> OptionalLong.empty();
            };
        } catch (SerializationException _) {
            return OptionalLong.empty(); // Garbage: whoever reads the topic for its content reports it.
        }
    }
}
