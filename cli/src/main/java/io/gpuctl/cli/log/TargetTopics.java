package io.gpuctl.cli.log;

import io.gpuctl.audit.log.PartitionFile;
import io.gpuctl.audit.log.TopicFiles;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.TopicEnds;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/** The topics that a log is imported into. */
final class TargetTopics implements AutoCloseable {

    private static final String UNLIMITED_MS = "-1";

    private final List<TopicFiles> topics;
    private final TopicEnds ends;

    TargetTopics(KafkaConnection kafka, List<TopicFiles> topics) {
        this.topics = topics;
        ends = new TopicEnds(kafka);
    }

    /** Throws if this version of the program lacks one of the topics. */
    static void requireKnown(List<TopicFiles> topics) {
        for (TopicFiles topic : topics) {
            Optional<Topic<?>> known = Topics.named(topic.name());
            if (known.isEmpty()) {
                throw new CommandFailedException(
                        "The log has a topic %s, which this gpuctl does not know.".formatted(topic.name()));
            }
            if (known.get().partitions() != topic.partitions().size()) {
                throw new CommandFailedException("The log has %d partitions of %s, but this gpuctl has %d."
                        .formatted(
                                topic.partitions().size(),
                                topic.name(),
                                known.get().partitions()));
            }
        }
    }

    /** Throws if a topic has ever had a record. The topics must exist. */
    void requireUnused() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicFiles topic : topics) {
            topic.partitions().forEach(file -> partitions.add(new TopicPartition(topic.name(), file.partition())));
        }
        ends.writtenEnds(partitions).forEach((partition, end) -> {
            if (end > 0) {
                throw new CommandFailedException(
                        "Topic %s has had records: the next offset of partition %d is %d. Import into a new data directory or another Kafka cluster."
                                .formatted(partition.topic(), partition.partition(), end));
            }
        });
    }

    /**
     * Removes the retention limit of topics whose oldest records exceed it: the broker would delete these records
     * within minutes. Returns these topics.
     */
    List<String> keepWhatIsOld(long nowMs) {
        List<String> old = new ArrayList<>();
        for (TopicFiles topic : topics) {
            OptionalLong oldestMs = topic.partitions().stream()
                    .map(PartitionFile::firstTimestampMs)
                    .filter(Objects::nonNull)
                    .mapToLong(Long::longValue)
                    .min();
            if (oldestMs.isPresent() && oldestMs.getAsLong() < nowMs - retentionMs(topic.name())) {
                old.add(topic.name());
            }
        }
        if (!old.isEmpty()) {
            ends.configure(old, Map.of(TopicConfig.RETENTION_MS_CONFIG, UNLIMITED_MS));
        }
        return old;
    }

    /** Returns the declared retention; without a limit, a time longer than any log. */
    private static long retentionMs(String topic) {
        Map<String, String> configs = Topics.named(topic).orElseThrow().configs();
        String retention = configs.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, UNLIMITED_MS);
        return retention.equals(UNLIMITED_MS) ? Long.MAX_VALUE / 2 : Long.parseLong(retention);
    }

    @Override
    public void close() {
        ends.close();
    }
}
