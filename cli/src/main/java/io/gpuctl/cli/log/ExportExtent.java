package io.gpuctl.cli.log;

import io.gpuctl.cli.CommandFailedException;
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
import org.apache.kafka.common.TopicPartition;

/**
 * From where to where each partition is read. In a running cluster the ends are taken in such an order that what a record
 * refers to is never missing: first what the orchestrator has stored and what nodes were told, then the facts, then what the facts come from.
 */
final class ExportExtent {
    private static final List<String> FIRST =
            List.of(OrchestratorApp.STATE_CHANGELOG, Topics.PLACEMENTS.name(), Topics.CLUSTER_EVENTS.name());

    private final KafkaConnection kafka;
    private final Map<String, List<TopicPartition>> partitions = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> begins = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> ends = new LinkedHashMap<>();

    private ExportExtent(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /** Waits for transactions that are open now. */
    static ExportExtent capture(KafkaConnection kafka, Selection selection) {
        ExportExtent extent = new ExportExtent(kafka);
        try (TopicEnds topics = new TopicEnds(kafka)) {
            extent.findPartitions(topics, selection);
            extent.findEnds(topics, selection);
        }
        return extent;
    }

    private void findPartitions(TopicEnds topics, Selection selection) {
        List<String> names = new ArrayList<>(selection.topics());
        Set<String> existing = topics.topics();
        if (!existing.contains(OrchestratorApp.STATE_CHANGELOG)) {
            // No orchestrator has run yet.
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
        for (String topic : FIRST) {
            ends.putAll(topics.settledEnds(partitions.getOrDefault(topic, List.of())));
        }
        partitions.forEach((topic, all) -> {
            if (!FIRST.contains(topic)) {
                ends.putAll(topics.settledEnds(all));
            }
        });
        begins.putAll(
                selection.fromMs() == null
                        ? topics.begins(ends.keySet())
                        : topics.firstSince(ends.keySet(), selection.fromMs()));
    }

    /** In the order of the selection. */
    List<String> topics() {
        return List.copyOf(partitions.keySet());
    }

    List<TopicPartition> partitions(String topic) {
        return partitions.getOrDefault(topic, List.of());
    }

    /** How many will be read, markers of transactions counted with them. */
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
