package io.gpuctl.cli.log;

import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.log.LogRecord;
import io.gpuctl.audit.log.TopicFiles;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.PartitionReader;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.kafka.TopicEnds;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.experiments.openmetrics.PastLog;
import io.gpuctl.experiments.openmetrics.PastRecorder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Passes the facts of a log, and its telemetry if there is any, to a recorder. Skips records that cannot be read, as
 * all readers do.
 */
final class PastReading implements AutoCloseable {
    private final List<Runnable> closings = new ArrayList<>();
    private final PastRecorder recorder;
    private final Progress progress;

    private PastReading(PastRecorder recorder, Progress progress) {
        this.recorder = recorder;
        this.progress = progress;
    }

    /** Reads an exported log. */
    static void ofExport(Path directory, PastRecorder recorder, Progress progress) {
        EventLogReader log = EventLogReader.open(directory);
        try (var reading = new PastReading(recorder, progress)) {
            reading.read(
                    reading.partitions(log, Topics.CLUSTER_EVENTS, Fact.class),
                    reading.partitions(log, Topics.GPU_TELEMETRY, NodeTelemetry.class));
        }
    }

    private <V> List<Iterator<V>> partitions(EventLogReader log, Topic<V> topic, Class<V> type) {
        Optional<TopicFiles> files = log.manifest().topic(topic.name());
        List<Iterator<V>> partitions = new ArrayList<>();
        for (int partition = 0;
                partition < files.map(found -> found.partitions().size()).orElse(0);
                partition++) {
            progress.expect(files.get().partitions().get(partition).records());
            Stream<LogRecord<V>> records = log.records(topic.name(), partition, type);
            closings.add(records::close);
            partitions.add(records.peek(_ -> progress.advance())
                    .filter(LogRecord::isReadable)
                    .map(LogRecord::value)
                    .iterator());
        }
        return partitions;
    }

    /** Reads all records that are committed now on a cluster's Kafka. */
    static void ofCluster(KafkaConnection kafka, PastRecorder recorder, Progress progress) {
        try (var topics = new TopicEnds(kafka);
                var reading = new PastReading(recorder, progress)) {
            Set<String> existing = topics.topics();
            if (!existing.contains(Topics.CLUSTER_EVENTS.name())) {
                throw new CommandFailedException(
                        "The Kafka cluster at %s has no topic %s: no gpuctl cluster has run on it."
                                .formatted(kafka, Topics.CLUSTER_EVENTS.name()));
            }
            List<Iterator<NodeTelemetry>> telemetry = existing.contains(Topics.GPU_TELEMETRY.name())
                    ? reading.partitions(topics, Topics.GPU_TELEMETRY)
                    : List.of();
            reading.read(reading.partitions(topics, Topics.CLUSTER_EVENTS), telemetry);
        }
    }

    private <V> List<Iterator<V>> partitions(TopicEnds topics, Topic<V> topic) {
        int count = topics.partitionCounts(Set.of(topic.name())).getOrDefault(topic.name(), 0);
        List<TopicPartition> all = new ArrayList<>();
        for (int partition = 0; partition < count; partition++) {
            all.add(new TopicPartition(topic.name(), partition));
        }
        Map<TopicPartition, Long> begins = topics.begins(all);
        Map<TopicPartition, Long> ends = topics.settledEnds(all);
        List<Iterator<V>> partitions = new ArrayList<>();
        for (TopicPartition partition : all) {
            long begin = begins.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            progress.expect(end - begin);
            var reader = new PartitionReader(topics.kafka(), partition, begin, end, progress);
            closings.add(reader::close);
            partitions.add(values(reader, topic.deserializer(), topic.name()));
        }
        return partitions;
    }

    private static <V> Iterator<V> values(PartitionReader reader, Deserializer<V> deserializer, String topic) {
        Iterable<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records = () -> reader;
        return StreamSupport.stream(records.spliterator(), false)
                .flatMap(record -> value(record.value(), deserializer, topic))
                .iterator();
    }

    private static <V> Stream<V> value(byte @Nullable [] bytes, Deserializer<V> deserializer, String topic) {
        try {
            return bytes == null ? Stream.empty() : Stream.of(deserializer.deserialize(topic, bytes));
        } catch (SerializationException _) {
            return Stream.empty();
        }
    }

    private void read(List<Iterator<Fact>> facts, List<Iterator<NodeTelemetry>> telemetry) {
        PastLog.readAll(facts, telemetry, recorder);
    }

    @Override
    public void close() {
        closings.forEach(Runnable::run);
    }
}
