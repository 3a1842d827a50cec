package io.gpuctl.cli.replay;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Counts the tasks of the default pool that have completed. */
final class CompletionCount implements AutoCloseable {
    private static final TopicPartition FACTS =
            new TopicPartition(Topics.CLUSTER_EVENTS.name(), PoolPartitioner.partition(PoolId.DEFAULT));

    private final KafkaConsumer<String, Fact> consumer;

    CompletionCount(String kafka) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed"),
                new StringDeserializer(),
                Topics.CLUSTER_EVENTS.deserializer());
    }

    long count() {
        consumer.assign(List.of(FACTS));
        consumer.seekToBeginning(List.of(FACTS));
        long end = consumer.endOffsets(List.of(FACTS)).getOrDefault(FACTS, 0L);
        long completed = 0;
        while (consumer.position(FACTS) < end) {
            for (ConsumerRecord<String, Fact> record : consumer.poll(Duration.ofMillis(100))) {
                completed += record.value().event() instanceof ClusterEvent.TaskCompleted ? 1 : 0;
            }
        }
        return completed;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
