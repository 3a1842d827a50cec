package io.gpuctl.cli.log;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.CommitCut;
import io.gpuctl.cli.kafka.PartitionReader;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.kafka.TopicEnds;
import io.gpuctl.cli.log.LogExport.Selection;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The range of offsets that is read from each partition. In a running cluster, the topics that the orchestrator writes
 * (facts, node commands, its stored state) end between two of its transactions, at one moment for each pool partition.
 * The inputs of the facts end after that. So a record that another one refers to is never missing, and the facts cover
 * everything in the other topics.
 */
final class ExportExtent {
    private static final Set<String> WRITTEN_TOGETHER = Set.of(Topics.PLACEMENTS.name(), Topics.CLUSTER_EVENTS.name());

    private final KafkaConnection kafka;
    private final Map<String, List<TopicPartition>> partitions = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> begins = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> ends = new LinkedHashMap<>();

    private ExportExtent(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /** Receives the orchestrator's stored state of a partition: the newest record of each key. */
    @FunctionalInterface
    interface StateSink {
        void take(TopicPartition changelog, List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> newest);
    }

    /**
     * Determines the range; waits for transactions that are open now. {@code states} receives the stored state, if
     * selected.
     */
    static ExportExtent capture(KafkaConnection kafka, Selection selection, StateSink states, Progress progress) {
        ExportExtent extent = new ExportExtent(kafka);
        try (TopicEnds topics = new TopicEnds(kafka)) {
            extent.findPartitions(topics, selection);
            for (int partition = 0; partition < Topics.POOL_PARTITIONS; partition++) {
                extent.cut(topics, partition, states, progress);
            }
            extent.findEnds(topics, selection);
        }
        return extent;
    }

    private void cut(TopicEnds topics, int partition, StateSink states, Progress progress) {
        List<TopicPartition> written = new ArrayList<>();
        List<TopicPartition> stored = new ArrayList<>();
        partitions.forEach((topic, all) -> {
            if (partition < all.size() && WRITTEN_TOGETHER.contains(topic)) {
                written.add(all.get(partition));
            } else if (partition < all.size() && topic.equals(OrchestratorApp.STATE_CHANGELOG)) {
                stored.add(all.get(partition));
            }
        });
        if (written.isEmpty() && stored.isEmpty()) {
            return;
        }
        CommitCut cut = CommitCut.require(topics, written, stored, progress);
        ends.putAll(cut.ends());
        stored.forEach(changelog -> states.take(changelog, cut.newest(changelog)));
    }

    private void findPartitions(TopicEnds topics, Selection selection) {
        List<String> names = new ArrayList<>(selection.topics());
        Set<String> existing = topics.topics();
        if (!existing.contains(OrchestratorApp.STATE_CHANGELOG)) {
            // No orchestrator has run on this cluster yet.
            names.remove(OrchestratorApp.STATE_CHANGELOG);
        }
        for (String name : names) {
            if (!existing.contains(name)) {
                throw new CommandFailedException(
                        "The Kafka cluster at %s has no topic %s: no gpuctl cluster has run on it."
                                .formatted(kafka, name));
            }
        }
        Map<String, Integer> counts = topics.partitionCounts(names);
        for (String topic : names) {
            int count = counts.getOrDefault(topic, 0);
            List<TopicPartition> all = new ArrayList<>(count);
            for (int partition = 0; partition < count; partition++) {
                all.add(new TopicPartition(topic, partition));
            }
            partitions.put(topic, all);
        }
    }

    private void findEnds(TopicEnds topics, Selection selection) {
        partitions.forEach((topic, all) -> {
            if (!ends.keySet().containsAll(all)) {
                ends.putAll(topics.settledEnds(all));
            }
        });
        begins.putAll(
                selection.fromMs() == null
                        ? topics.begins(ends.keySet())
                        : topics.firstSince(ends.keySet(), selection.fromMs()));
    }

    /** Returns the topics in the order of the selection. */
    List<String> topics() {
        return List.copyOf(partitions.keySet());
    }

    List<TopicPartition> partitions(String topic) {
        return partitions.getOrDefault(topic, List.of());
    }

    /** Returns about how many records will be read; counts transaction markers as records. */
    long records() {
        long sum = 0;
        for (TopicPartition partition : ends.keySet()) {
            sum += Math.max(0, end(partition) - begin(partition));
        }
        return sum;
    }

    PartitionReader reader(TopicPartition partition, Progress progress) {
        return new PartitionReader(kafka, partition, begin(partition), end(partition), progress);
    }

    private long begin(TopicPartition partition) {
        return begins.getOrDefault(partition, Long.MAX_VALUE);
    }

    private long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }
}
