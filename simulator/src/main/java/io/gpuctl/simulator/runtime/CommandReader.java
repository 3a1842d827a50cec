package io.gpuctl.simulator.runtime;

import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads the commands for our nodes' pools. Of one thread at a time, except {@link #wakeUp}. */
final class CommandReader implements AutoCloseable {
    private final Consumer<byte @Nullable [], byte @Nullable []> consumer;
    private final Deserializer<NodeCommand> deserializer = Topics.PLACEMENTS.deserializer();
    private boolean paused;

    CommandReader(Consumer<byte @Nullable [], byte @Nullable []> consumer) {
        this.consumer = consumer;
    }

    /**
     * Will read the commands that are written from now on. Before a node registers: then none for it is missed.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException if Kafka does not answer, or has no such topic
     */
    void seekToEnd(Collection<NodeInventory> nodes, Duration timeout) {
        List<TopicPartition> partitions = nodes.stream()
                .map(NodeInventory::pool)
                .distinct()
                .map(CommandReader::partitionOf)
                .distinct()
                .toList();
        consumer.assign(partitions);
        consumer.endOffsets(partitions, timeout).forEach(consumer::seek);
    }

    private static TopicPartition partitionOf(PoolId pool) {
        return new TopicPartition(Topics.PLACEMENTS.name(), PoolPartitioner.partition(pool));
    }

    /** While it pauses it reads nothing; Kafka keeps the commands. */
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
     * Waits for commands, not longer than that.
     *
     * @param unreadable gets each record that is no command, with the reason
     * @throws org.apache.kafka.common.errors.WakeupException after {@link #wakeUp}
     */
    void poll(
            Duration timeout,
            java.util.function.Consumer<NodeCommand> command,
            BiConsumer<ConsumerRecord<byte @Nullable [], byte @Nullable []>, Exception> unreadable) {
        for (var record : consumer.poll(timeout)) {
            NodeCommand read;
            try {
                read = deserializer.deserialize(record.topic(), record.value());
            } catch (SerializationException e) {
                unreadable.accept(record, e);
                continue;
            }
            command.accept(read);
        }
    }

    /** From any thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
