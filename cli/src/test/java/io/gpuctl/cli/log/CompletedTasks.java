package io.gpuctl.cli.log;

import io.gpuctl.cli.kafka.PartitionReader;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.kafka.TopicEnds;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topics;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Which tasks the facts of a partition say to have completed. */
final class CompletedTasks {
    private CompletedTasks() {}

    static int count(KafkaConnection kafka, int partition) {
        TopicPartition facts = new TopicPartition(Topics.CLUSTER_EVENTS.name(), partition);
        Set<TaskId> completed = new HashSet<>();
        try (var topics = new TopicEnds(kafka)) {
            long end = topics.committedEnds(List.of(facts)).getOrDefault(facts, 0L);
            try (var progress = new Progress("reading", null);
                    var reader = new PartitionReader(kafka, facts, 0, end, progress);
                    var deserializer = Topics.CLUSTER_EVENTS.deserializer()) {
                while (reader.hasNext()) {
                    if (deserializer
                                    .deserialize(facts.topic(), reader.next().value())
                                    .event()
                            instanceof ClusterEvent.TaskCompleted event) {
                        completed.add(event.taskId());
                    }
                }
            }
        }
        return completed.size();
    }
}
