package io.gpuctl.simulator.runtime;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.FaultInjection;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.TimelyDeserializer;
import io.gpuctl.events.kafka.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads the commands and fault injections for our nodes' pools. For one thread at a time, except {@link #wakeUp}. */
final class CommandReader implements AutoCloseable {
    private final Consumer<byte @Nullable [], byte @Nullable []> consumer;
    private final Deserializer<NodeCommand> commands = Topics.PLACEMENTS.deserializer();
    private final Deserializer<FaultInjection> injections;
    private boolean paused;

    CommandReader(Consumer<byte @Nullable [], byte @Nullable []> consumer, ClusterClock clock) {
        this.consumer = consumer;
        injections = new TimelyDeserializer<>(Topics.FAULT_INJECTIONS, clock);
    }

    /**
     * Seeks to the end of each partition, or to the position of the last stop. Call this before a node registers, so
     * that no command for the node is missed.
     *
     * @param stopped positions of the last stop; may be empty
     * @throws org.apache.kafka.common.errors.TimeoutException if Kafka does not answer, or the topics do not exist
     */
    void seek(Collection<NodeInventory> nodes, Map<TopicPartition, Long> stopped, Duration timeout) {
        List<TopicPartition> partitions = nodes.stream()
                .map(NodeInventory::pool)
                .distinct()
                .flatMap(CommandReader::partitionsOf)
                .distinct()
                .toList();
        consumer.assign(partitions);
        // If the log was truncated since, the position may be beyond its end; nothing before the end is new then.
        consumer.endOffsets(partitions, timeout)
                .forEach((partition, end) ->
                        consumer.seek(partition, Math.min(end, stopped.getOrDefault(partition, end))));
    }

    /** Returns the next position of each partition. */
    Map<TopicPartition, Long> positions() {
        return consumer.assignment().stream().collect(Collectors.toMap(partition -> partition, consumer::position));
    }

    private static Stream<TopicPartition> partitionsOf(PoolId pool) {
        return Stream.of(Topics.PLACEMENTS, Topics.FAULT_INJECTIONS)
                .map(topic -> new TopicPartition(topic.name(), PoolPartitioner.partition(pool)));
    }

    /** Pauses or resumes reading; Kafka keeps the commands. */
    void pause(boolean wanted) {
        if (wanted == paused) {
            return;
        }
        paused = wanted;
        if (wanted) {
            consumer.pause(consumer.assignment());
        } else {
            consumer.resume(consumer.assignment());
        }
    }

    /**
     * Waits for commands, at most for {@code timeout}.
     *
     * @param unreadable gets each record that is neither a command nor an injection, with the reason
     * @throws org.apache.kafka.common.errors.WakeupException after {@link #wakeUp}
     */
    void poll(
            Duration timeout,
            java.util.function.Consumer<NodeCommand> command,
            java.util.function.Consumer<FaultInjection> injection,
            BiConsumer<ConsumerRecord<byte @Nullable [], byte @Nullable []>, Exception> unreadable) {
        for (var record : consumer.poll(timeout)) {
            Runnable obeying;
            try {
                obeying = obeying(record.topic(), record.value(), command, injection);
            } catch (SerializationException e) {
                unreadable.accept(record, e);
                continue;
            }
            obeying.run();
        }
    }

    private Runnable obeying(
            String topic,
            byte @Nullable [] value,
            java.util.function.Consumer<NodeCommand> command,
            java.util.function.Consumer<FaultInjection> injection) {
        if (topic.equals(Topics.FAULT_INJECTIONS.name())) {
            FaultInjection read = injections.deserialize(topic, value);
            return () -> injection.accept(read);
        }
        NodeCommand read = commands.deserialize(topic, value);
        return () -> command.accept(read);
    }

    /** Interrupts {@link #poll}. May be called from any thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
