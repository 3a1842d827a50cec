package io.gpuctl.cli.verify;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.TopicEnds;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import io.gpuctl.telemetry.runtime.ViewStores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/** The topics that exist on a cluster, and roughly how many records they have. */
final class LogExtent {
    static final String STORED_STATE = OrchestratorApp.STATE_CHANGELOG;

    /** The stores of the views that can be recomputed from facts. */
    static final List<String> VIEWS = Stream.of(
                    ViewStores.POOLS,
                    ViewStores.NODES,
                    ViewStores.HOLDS,
                    ViewStores.TASKS,
                    ViewStores.USERS,
                    ViewStores.TASK_INDEX,
                    ViewStores.ACTIVE_TASK_INDEX)
            .map(ViewStores::changelog)
            .toList();

    /** The excluded topics decide nothing; a cluster that is older than these topics is checked like any other. */
    private static final List<Topic<?>> CHECKED = Topics.ALL.stream()
            .filter(topic -> !topic.equals(Topics.FAULT_INJECTIONS) && !topic.equals(Topics.BROKER_CLOCK))
            .toList();

    private final Map<TopicPartition, Long> sizes = new LinkedHashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final boolean hasStoredState;
    private final boolean hasStoredViews;

    private LogExtent(TopicEnds topics) {
        Set<String> existing = topics.topics();
        requireTopics(topics, existing, topics.kafka());
        hasStoredState = existing.contains(STORED_STATE);
        hasStoredViews = existing.containsAll(VIEWS);
        if (!hasStoredState) {
            note("There is no topic %s: the orchestrator's stored state was not compared.".formatted(STORED_STATE));
        }
        if (!hasStoredViews) {
            note("There are no topics %s: the views' stored state was not compared.".formatted(VIEWS));
        }
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic<?> topic : CHECKED) {
            partitions.addAll(partitions(topic.name(), topic.partitions()));
        }
        Map<TopicPartition, Long> begins = topics.begins(partitions);
        topics.committedEnds(partitions)
                .forEach((partition, end) -> sizes.put(partition, end - begins.getOrDefault(partition, 0L)));
    }

    /**
     * Reads the extent of a cluster's log.
     *
     * @throws CommandFailedException if it is not a gpuctl cluster
     */
    static LogExtent of(TopicEnds topics) {
        return new LogExtent(topics);
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
                        "Topic %s has %d partitions, but must have %d: it is not a topic of this version of gpuctl."
                                .formatted(topic.name(), partitions, topic.partitions()));
            }
        }
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    boolean hasStoredState() {
        return hasStoredState;
    }

    boolean hasStoredViews() {
        return hasStoredViews;
    }

    /** Notes something that could not be checked, once, for the user. */
    void note(String text) {
        notes.add(text);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    /** Returns about how many records will be read: without changelogs, including transaction markers. */
    long records() {
        return count(false);
    }

    /** Returns the number of telemetry records, which are not read: their results are in the conditions. */
    long telemetryRecords() {
        return count(true);
    }

    private long count(boolean ofTelemetry) {
        return sizes.entrySet().stream()
                .filter(size -> size.getKey().topic().equals(Topics.GPU_TELEMETRY.name()) == ofTelemetry)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
