package io.gpuctl.cli.verify;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.TopicEnds;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import io.gpuctl.telemetry.runtime.ViewStores;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * How far each topic is read. In a running cluster the offsets are taken in such an order that a cause is never missing:
 * first how far the orchestrator has come, then the stored states, then the facts, then what nodes were told, then what
 * the facts may come from.
 */
final class LogExtent {
    static final String STORED_STATE = OrchestratorApp.STATE_CHANGELOG;
    static final String VIEWED_POOLS = ViewStores.changelog(ViewStores.POOLS);
    static final String VIEWED_NODES = ViewStores.changelog(ViewStores.NODES);
    static final String VIEWED_HOLDS = ViewStores.changelog(ViewStores.HOLDS);
    static final String VIEWED_TASKS = ViewStores.changelog(ViewStores.TASKS);
    static final String VIEWED_USERS = ViewStores.changelog(ViewStores.USERS);
    static final String VIEWED_INDEX = ViewStores.changelog(ViewStores.TASK_INDEX);
    static final String VIEWED_ACTIVE_INDEX = ViewStores.changelog(ViewStores.ACTIVE_TASK_INDEX);

    private static final List<String> VIEWS = List.of(
            VIEWED_POOLS, VIEWED_NODES, VIEWED_HOLDS, VIEWED_TASKS, VIEWED_USERS, VIEWED_INDEX, VIEWED_ACTIVE_INDEX);

    /** The views commit about ten times a second under load; between two commits there is time for two looks. */
    private static final int VIEW_LOOKS_MAX = 200;

    private final Map<TopicPartition, Long> begins = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> ends = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> settled = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> consumed = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private boolean hasStoredState;
    private boolean hasStoredViews;

    /** These decide nothing, and a cluster that ran before there were these topics is checked like any. */
    private static final List<Topic<?>> CHECKED = Topics.ALL.stream()
            .filter(topic -> !topic.equals(Topics.FAULT_INJECTIONS) && !topic.equals(Topics.BROKER_CLOCK))
            .toList();

    private LogExtent() {}

    static LogExtent capture(KafkaConnection kafka) {
        LogExtent extent = new LogExtent();
        try (TopicEnds topics = new TopicEnds(kafka)) {
            extent.capture(topics, kafka);
        }
        return extent;
    }

    private void capture(TopicEnds topics, KafkaConnection kafka) {
        Set<String> existing = topics.topics();
        requireTopics(topics, existing, kafka);
        consumed.putAll(topics.orchestratorPositions());
        List<TopicPartition> facts = partitions(Topics.CLUSTER_EVENTS.name());
        List<TopicPartition> placements = partitions(Topics.PLACEMENTS.name());
        settled.putAll(topics.committedEnds(facts));
        settled.putAll(topics.committedEnds(placements));
        captureStoredState(topics, existing);
        captureViews(topics, existing);
        ends.putAll(topics.settledEnds(facts));
        ends.putAll(topics.settledEnds(placements));
        for (Topic<?> topic : CHECKED) {
            if (!topic.equals(Topics.CLUSTER_EVENTS) && !topic.equals(Topics.PLACEMENTS)) {
                ends.putAll(topics.settledEnds(partitions(topic)));
            }
        }
        begins.putAll(topics.begins(ends.keySet()));
    }

    private static void requireTopics(TopicEnds topics, Set<String> existing, KafkaConnection kafka) {
        for (Topic<?> topic : CHECKED) {
            if (!existing.contains(topic.name())) {
                throw new CommandFailedException(
                        "The Kafka cluster at %s has no topic %s: no gpuctl cluster has run on it."
                                .formatted(kafka, topic.name()));
            }
            int partitions = topics.partitionCounts(List.of(topic.name())).getOrDefault(topic.name(), 0);
            if (partitions != topic.partitions()) {
                throw new CommandFailedException(
                        "Topic %s has %d partitions, but must have %d: it is not one of this gpuctl."
                                .formatted(topic.name(), partitions, topic.partitions()));
            }
        }
    }

    private void captureStoredState(TopicEnds topics, Set<String> existing) {
        hasStoredState = existing.contains(STORED_STATE);
        if (hasStoredState) {
            ends.putAll(topics.settledEnds(partitions(STORED_STATE)));
        } else {
            notes.add(
                    "There is no topic %s: the orchestrator's stored state was not compared.".formatted(STORED_STATE));
        }
    }

    /** Several topics, of one transaction: if none has grown between two looks, all are as of the same commit. */
    private void captureViews(TopicEnds topics, Set<String> existing) {
        if (!existing.containsAll(VIEWS)) {
            notes.add("There are no topics %s: the views' stored state was not compared.".formatted(VIEWS));
            return;
        }
        List<TopicPartition> partitions = new ArrayList<>();
        VIEWS.forEach(topic -> partitions.addAll(partitions(topic)));
        Map<TopicPartition, Long> before = topics.settledEnds(partitions);
        for (int look = 0; look < VIEW_LOOKS_MAX; look++) {
            TopicEnds.pause();
            Map<TopicPartition, Long> now = topics.committedEnds(partitions);
            if (now.equals(before)) {
                ends.putAll(now);
                hasStoredViews = true;
                return;
            }
            before = now;
        }
        notes.add(
                "The views were written all the time: their stored state was not compared. Try again with less load.");
    }

    private static List<TopicPartition> partitions(String topicByPool) {
        return partitions(topicByPool, Topics.POOL_PARTITIONS);
    }

    private static List<TopicPartition> partitions(Topic<?> topic) {
        return partitions(topic.name(), topic.partitions());
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        List<TopicPartition> partitions = new ArrayList<>(count);
        for (int partition = 0; partition < count; partition++) {
            partitions.add(new TopicPartition(topic, partition));
        }
        return partitions;
    }

    long begin(TopicPartition partition) {
        return begins.getOrDefault(partition, 0L);
    }

    long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    /** Other topics that were read later agree with this one at least up to here. */
    long settled(TopicPartition partition) {
        return settled.getOrDefault(partition, 0L);
    }

    /** Where the orchestrator goes on reading. */
    long consumed(TopicPartition partition) {
        return consumed.getOrDefault(partition, 0L);
    }

    boolean hasStoredState() {
        return hasStoredState;
    }

    boolean hasStoredViews() {
        return hasStoredViews;
    }

    /** What could not be checked, for people. */
    List<String> notes() {
        return Collections.unmodifiableList(notes);
    }

    /** How many will be read, markers of transactions counted with them. */
    long records() {
        long sum = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            sum += isTelemetry(end.getKey()) ? 0 : end.getValue() - begin(end.getKey());
        }
        return sum;
    }

    /** Not read: what comes of it is in the conditions. */
    long telemetryRecords() {
        long sum = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            sum += isTelemetry(end.getKey()) ? end.getValue() - begin(end.getKey()) : 0;
        }
        return sum;
    }

    private static boolean isTelemetry(TopicPartition partition) {
        return partition.topic().equals(Topics.GPU_TELEMETRY.name());
    }
}
