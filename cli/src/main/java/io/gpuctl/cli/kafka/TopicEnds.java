package io.gpuctl.cli.kafka;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Reads where topics begin and end, and the orchestrator's positions in them. */
public final class TopicEnds implements AutoCloseable {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    /**
     * The broker aborts the transaction of a killed producer after 10 s; a broker that was killed too starts the timer
     * again.
     */
    private static final Duration OPEN_TRANSACTION_WAIT = Duration.ofSeconds(30);

    private static final Set<TransactionState> ENDING = Set.of(
            TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT, TransactionState.PREPARE_EPOCH_FENCE);

    private static final long POLL_INTERVAL_MS = 20;

    private final KafkaConnection kafka;
    private final Admin admin;

    public TopicEnds(KafkaConnection kafka) {
        this.kafka = kafka;
        try {
            admin = Admin.create(settings(kafka));
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    private static Map<String, Object> settings(KafkaConnection kafka) {
        return kafka.with(Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) ANSWER_TIMEOUT.toMillis() / 4,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) ANSWER_TIMEOUT.toMillis(),
                AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG,
                ""));
    }

    public KafkaConnection kafka() {
        return kafka;
    }

    public Set<String> topics() {
        return answer(admin.listTopics().names());
    }

    /** Returns the number of partitions of each topic. */
    public Map<String, Integer> partitionCounts(Collection<String> topicNames) {
        Map<String, Integer> counts = new TreeMap<>();
        answer(admin.describeTopics(topicNames).allTopicNames())
                .forEach((topic, description) ->
                        counts.put(topic, description.partitions().size()));
        return counts;
    }

    public Map<TopicPartition, Long> begins(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
    }

    /**
     * Returns the offset of the first record in each partition that was written at this time or later; absent if there
     * is none.
     */
    public Map<TopicPartition, Long> firstSince(Collection<TopicPartition> partitions, long timestampMs) {
        Map<TopicPartition, Long> first =
                offsets(partitions, OffsetSpec.forTimestamp(timestampMs), IsolationLevel.READ_UNCOMMITTED);
        first.values().removeIf(offset -> offset < 0);
        return first;
    }

    /** Returns the end of each partition, including uncommitted records. */
    public Map<TopicPartition, Long> writtenEnds(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    }

    /** Returns the end of each partition for a reader of committed records. */
    public Map<TopicPartition, Long> committedEnds(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
    }

    /**
     * Returns the ends of the topics once all records written by now have been committed or aborted. The ends include
     * every transaction that was committed before this call, in all its topics.
     */
    public Map<TopicPartition, Long> settledEnds(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> written = writtenEnds(partitions);
        long deadlineNanos = System.nanoTime() + OPEN_TRANSACTION_WAIT.toNanos();
        while (true) {
            Map<TopicPartition, Long> committed = committedEnds(partitions);
            if (partitions.stream().allMatch(p -> committed.getOrDefault(p, 0L) >= written.getOrDefault(p, 0L))) {
                return committed;
            }
            if (System.nanoTime() > deadlineNanos) {
                throw new CommandFailedException(
                        "A transaction in %s is still open after %d s. Does its producer hang? Try again when the transaction has ended."
                                .formatted(partitions, OPEN_TRANSACTION_WAIT.toSeconds()));
            }
            pause();
        }
    }

    /**
     * Returns whether any transaction on these partitions is decided, but has not ended in all of them. False does not
     * mean that no transaction is open.
     */
    public boolean isAnyTransactionEnding(Collection<TopicPartition> partitions) {
        Set<Long> producers = new HashSet<>();
        answer(admin.describeProducers(partitions).all())
                .values()
                .forEach(state -> state.activeProducers().forEach(producer -> producers.add(producer.producerId())));
        return !producers.isEmpty()
                && !answer(admin.listTransactions(new ListTransactionsOptions()
                                        .filterProducerIds(producers)
                                        .filterStates(ENDING))
                                .all())
                        .isEmpty();
    }

    /**
     * Returns the positions from which the orchestrator continues to read; absent for partitions that it has not begun.
     */
    public Map<TopicPartition, Long> orchestratorPositions() {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                            OrchestratorApp.APPLICATION_ID)
                    .partitionsToOffsetAndMetadata()
                    .get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            committed.forEach((partition, offset) -> {
                if (offset != null) {
                    positions.put(partition, offset.offset());
                }
            });
            return positions;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return positions;
            }
            throw unreachable(e);
        } catch (TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Changes the configuration of topics. */
    public void configure(Collection<String> topicNames, Map<String, String> configs) {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new LinkedHashMap<>();
        for (String topic : topicNames) {
            List<AlterConfigOp> ops = new ArrayList<>();
            configs.forEach((name, value) ->
                    ops.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
            changes.put(new ConfigResource(ConfigResource.Type.TOPIC, topic), ops);
        }
        answer(admin.incrementalAlterConfigs(changes).all());
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_INTERVAL_MS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> wanted = new LinkedHashMap<>();
        partitions.forEach(partition -> wanted.put(partition, spec));
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        answer(admin.listOffsets(wanted, new ListOffsetsOptions(isolation)).all())
                .forEach((partition, result) -> offsets.put(partition, result.offset()));
        return offsets;
    }

    private <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(2 * ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private CommandFailedException unreachable(Exception e) {
        return KafkaFailures.of(kafka, e);
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
