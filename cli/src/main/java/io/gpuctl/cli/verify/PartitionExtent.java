package io.gpuctl.cli.verify;

import io.gpuctl.audit.rules.Place;
import io.gpuctl.audit.rules.Stored;
import io.gpuctl.audit.rules.StoredViews;
import io.gpuctl.cli.kafka.CommitCut;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.kafka.TopicEnds;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.telemetry.runtime.ViewStores;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The ends up to which each topic is read in one partition number, and the stored state there.
 *
 * <p>In a running cluster, the ends are determined in this order: the orchestrator's positions, the views, then at one
 * moment the topics that the orchestrator writes (facts, node commands, its stored state), then the inputs of the
 * facts. So a cause is never missing, and no stored state is older than the facts.
 */
final class PartitionExtent {
    private static final List<Topic<?>> INPUTS =
            List.of(Topics.TASK_COMMANDS, Topics.TASK_REPORTS, Topics.NODE_EVENTS, Topics.NODE_CONDITIONS);

    private final int partition;
    private final Map<TopicPartition, Long> begins;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Long> consumed;
    private final @Nullable SortedMap<String, Stored> state;
    private final @Nullable StoredViews views;

    PartitionExtent(int partition, TopicEnds topics, LogExtent log, Progress progress) {
        this.partition = partition;
        consumed = topics.orchestratorPositions();
        views = log.hasStoredViews() ? views(topics, log, progress) : null;
        CommitCut cut = CommitCut.require(
                topics,
                List.of(of(Topics.CLUSTER_EVENTS.name()), of(Topics.PLACEMENTS.name())),
                log.hasStoredState() ? List.of(of(LogExtent.STORED_STATE)) : List.of(),
                progress);
        ends.putAll(cut.ends());
        state = log.hasStoredState() ? stored(cut, LogExtent.STORED_STATE) : null;
        ends.putAll(topics.settledEnds(
                INPUTS.stream().map(topic -> of(topic.name())).toList()));
        begins = topics.begins(ends.keySet());
    }

    private @Nullable StoredViews views(TopicEnds topics, LogExtent log, Progress progress) {
        List<TopicPartition> changelogs = LogExtent.VIEWS.stream().map(this::of).toList();
        Optional<CommitCut> found = CommitCut.find(topics, List.of(), changelogs, progress);
        if (found.isEmpty()) {
            log.note("The views were written continuously: their stored state was not compared. Try again with less"
                    + " load.");
            return null;
        }
        CommitCut cut = found.get();
        // The index is spread over two stores, by the state that its keys are about.
        SortedMap<String, Stored> index = storedView(cut, ViewStores.TASK_INDEX);
        index.putAll(storedView(cut, ViewStores.ACTIVE_TASK_INDEX));
        return new StoredViews(
                storedView(cut, ViewStores.POOLS),
                storedView(cut, ViewStores.NODES),
                storedView(cut, ViewStores.HOLDS),
                storedView(cut, ViewStores.TASKS),
                storedView(cut, ViewStores.USERS),
                index);
    }

    private SortedMap<String, Stored> storedView(CommitCut cut, String store) {
        return stored(cut, ViewStores.changelog(store));
    }

    private SortedMap<String, Stored> stored(CommitCut cut, String changelog) {
        SortedMap<String, Stored> stored = new TreeMap<>();
        cut.newest(of(changelog)).forEach(record -> {
            byte @Nullable [] key = record.key();
            byte @Nullable [] value = record.value();
            if (key != null && value != null) {
                stored.put(
                        new String(key, StandardCharsets.UTF_8),
                        new Stored(new Place(changelog, partition, record.offset()), value));
            }
        });
        return stored;
    }

    private TopicPartition of(String topic) {
        return new TopicPartition(topic, partition);
    }

    /** Returns the orchestrator's stored state; null if it is not to be compared. */
    @Nullable
    SortedMap<String, Stored> state() {
        return state;
    }

    /** Returns the stored state of the views; null if it is not to be compared. */
    @Nullable
    StoredViews views() {
        return views;
    }

    long begin(Topic<?> topic) {
        return begins.getOrDefault(of(topic.name()), 0L);
    }

    /** Returns the end, exclusive. */
    long end(Topic<?> topic) {
        return ends.getOrDefault(of(topic.name()), 0L);
    }

    /** Returns the position from which the orchestrator continues to read. */
    long consumed(Topic<?> topic) {
        return consumed.getOrDefault(of(topic.name()), 0L);
    }
}
