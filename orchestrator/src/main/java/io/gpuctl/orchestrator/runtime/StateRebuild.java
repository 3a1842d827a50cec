package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.Fact;
import io.gpuctl.events.FactOrder;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.events.logging.LogFields;
import io.gpuctl.orchestrator.core.PoolState;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds the state of a partition's pools from its facts, for an orchestrator whose stored state is lost. An
 * orchestrator with an empty state would number the facts from 1 again, and place every task a second time.
 */
final class StateRebuild {
    private static final Logger LOG = LoggerFactory.getLogger(StateRebuild.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private StateRebuild() {}

    /** Returns the pools; empty if there are no facts, as in a new cluster. */
    static Collection<PoolState> fromFacts(KafkaConnection kafka, int partitionNumber) {
        TopicPartition partition = new TopicPartition(Topics.CLUSTER_EVENTS.name(), partitionNumber);
        SortedMap<PoolId, PoolState> pools = new TreeMap<>();
        Map<PoolId, FactOrder> orders = new HashMap<>();
        long count = 0;
        try (var consumer = new KafkaConsumer<>(
                        kafka.with(Map.of(
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG,
                                "")),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
                Deserializer<Fact> facts = Topics.CLUSTER_EVENTS.deserializer()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(POLL)) {
                    Fact fact = read(facts, record.value());
                    if (fact == null) {
                        continue;
                    }
                    FactOrder order = orders.getOrDefault(fact.pool(), FactOrder.START);
                    orders.put(fact.pool(), order.after(fact));
                    switch (order.step(fact)) {
                        case NEXT, BEHIND_GAP -> {
                            pools.computeIfAbsent(fact.pool(), PoolState::new).apply(fact);
                            count++;
                        }
                        case REPEATED, ALONE_AHEAD -> sayLeftOut(fact, record.offset(), partition, order);
                    }
                }
            }
        }
        if (count > 0) {
            LOG.warn("{} had no stored state: rebuilt it from {} facts", partition, count);
        }
        return pools.values();
    }

    private static void sayLeftOut(Fact fact, long offset, TopicPartition partition, FactOrder order) {
        try (var _ = LogFields.of(fact)) {
            LOG.warn(
                    "Skipped fact {} of pool {} at offset {} of {}: it does not follow fact {}",
                    fact.sequence(),
                    fact.pool(),
                    offset,
                    partition,
                    order.last());
        }
    }

    /**
     * Returns the fact; null if the value is not a fact. Any client with write access may have written it, and the
     * views report it.
     */
    private static @Nullable Fact read(Deserializer<Fact> facts, byte @Nullable [] value) {
        try {
            return value == null ? null : facts.deserialize(Topics.CLUSTER_EVENTS.name(), value);
        } catch (SerializationException _) {
            return null;
        }
    }
}
