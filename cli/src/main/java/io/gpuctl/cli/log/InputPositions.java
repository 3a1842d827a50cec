package io.gpuctl.cli.log;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.PartitionReader;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.kafka.TopicEnds;
import io.gpuctl.events.Cause;
import io.gpuctl.events.Fact;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/**
 * Sets the positions from which a stopped cluster continues to read after its logs were cut: after the last record that
 * is the cause of a fact. Records after these positions are decided, some of them again.
 */
final class InputPositions implements AutoCloseable {
    /** The topics that an orchestrator reads, and that facts name as their causes. */
    static final List<String> INPUTS = List.of(
            Topics.TASK_COMMANDS.name(),
            Topics.TASK_REPORTS.name(),
            Topics.NODE_EVENTS.name(),
            Topics.NODE_CONDITIONS.name());

    /**
     * The time by which Kafka notices a stopped member. The offsets of a group cannot be changed while it has members.
     */
    private static final Duration MEMBERS_GONE = Duration.ofSeconds(90);

    private final KafkaConnection kafka;
    private final Admin admin;

    InputPositions(KafkaConnection kafka) {
        this.kafka = kafka;
        admin = Admin.create(kafka.with(Map.of("metric.reporters", "")));
    }

    void moveToFacts() {
        try (TopicEnds topics = new TopicEnds(kafka)) {
            if (!topics.topics().contains(Topics.CLUSTER_EVENTS.name())) {
                return;
            }
            Map<TopicPartition, Long> positions = topics.orchestratorPositions();
            Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
            for (int partition = 0; partition < Topics.POOL_PARTITIONS; partition++) {
                afterCauses(topics, partition).forEach((input, offset) -> {
                    if (positions.getOrDefault(input, -1L) != offset.longValue()) {
                        moved.put(input, new OffsetAndMetadata(offset));
                    }
                });
            }
            if (!moved.isEmpty()) {
                whenEmpty(() -> admin.alterConsumerGroupOffsets(OrchestratorApp.APPLICATION_ID, moved)
                        .all());
            }
        }
    }

    private Map<TopicPartition, Long> afterCauses(TopicEnds topics, int partition) {
        TopicPartition facts = new TopicPartition(Topics.CLUSTER_EVENTS.name(), partition);
        List<TopicPartition> inputs = INPUTS.stream()
                .map(topic -> new TopicPartition(topic, partition))
                .toList();
        Map<TopicPartition, Long> after = new HashMap<>(topics.begins(inputs));
        long begin = topics.begins(List.of(facts)).getOrDefault(facts, 0L);
        long end = topics.settledEnds(List.of(facts)).getOrDefault(facts, 0L);
        try (var progress = new Progress("reading", null);
                var reader = new PartitionReader(kafka, facts, begin, end, progress);
                var deserializer = Topics.CLUSTER_EVENTS.deserializer()) {
            while (reader.hasNext()) {
                try {
                    Fact fact = deserializer.deserialize(
                            facts.topic(), reader.next().value());
                    Cause cause = fact.cause();
                    after.computeIfPresent(
                            new TopicPartition(cause.source(), cause.partition()),
                            (input, offset) -> Math.max(offset, cause.offset() + 1));
                } catch (SerializationException _) {
                    // Not a fact, so it has no cause.
                }
            }
        }
        Map<TopicPartition, Long> ends = topics.committedEnds(inputs);
        after.replaceAll((input, offset) -> Math.min(offset, ends.getOrDefault(input, offset)));
        return after;
    }

    /** Deletes the positions of a group, which then starts from the beginning. */
    void forget(String group) {
        whenEmpty(() -> admin.deleteConsumerGroups(List.of(group)).all());
    }

    /** A request to the broker. */
    private interface Request {
        KafkaFuture<Void> send();
    }

    private static void whenEmpty(Request request) {
        long giveUpAtNanos = System.nanoTime() + MEMBERS_GONE.toNanos();
        while (true) {
            try {
                request.send().get();
                return;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof GroupIdNotFoundException) {
                    return;
                }
                boolean hasMembers = e.getCause() instanceof GroupNotEmptyException
                        || e.getCause() instanceof UnknownMemberIdException;
                if (!hasMembers || System.nanoTime() > giveUpAtNanos) {
                    throw new CommandFailedException("A group's positions cannot be changed: " + e.getCause(), e);
                }
                pause();
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static CommandFailedException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CommandFailedException("Interrupted", e);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
