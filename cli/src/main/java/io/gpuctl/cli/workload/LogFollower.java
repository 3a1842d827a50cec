package io.gpuctl.cli.workload;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Follows {@code cluster-events} from its beginning, in a thread of its own, and folds the facts. Results may be read
 * on any thread.
 */
final class LogFollower implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final List<TopicPartition> PARTITIONS = IntStream.range(0, Topics.CLUSTER_EVENTS.partitions())
            .mapToObj(partition -> new TopicPartition(Topics.CLUSTER_EVENTS.name(), partition))
            .toList();

    private final RunFold fold;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;

    private LogFollower(KafkaConnection kafka, Set<TaskId> workload) {
        this.fold = new RunFold(workload);
        this.consumer = new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, "")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.thread = Thread.ofPlatform().name("gpuctl-log-follower").daemon().unstarted(this::follow);
    }

    static LogFollower start(KafkaConnection kafka, Set<TaskId> workload) {
        var follower = new LogFollower(kafka, workload);
        follower.thread.start();
        return follower;
    }

    private void follow() {
        try (consumer;
                Deserializer<Fact> facts = Topics.CLUSTER_EVENTS.deserializer()) {
            consumer.assign(PARTITIONS);
            consumer.seekToBeginning(PARTITIONS);
            Map<TopicPartition, Long> ends = consumer.endOffsets(PARTITIONS);
            while (true) {
                for (var record : consumer.poll(POLL)) {
                    read(facts, record.value()).ifPresent(this::apply);
                }
                if (caughtUp.getCount() > 0 && hasReached(ends)) {
                    caughtUp.countDown();
                }
            }
        } catch (WakeupException _) {
            // close() was called.
        } catch (RuntimeException | NewerLogError e) {
            failure = e;
            caughtUp.countDown();
        }
    }

    private boolean hasReached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** Skips records that are not facts: the views report them as dead letters. */
    private static Optional<Fact> read(Deserializer<Fact> facts, byte @Nullable [] value) {
        try {
            return Optional.ofNullable(value).map(bytes -> facts.deserialize(Topics.CLUSTER_EVENTS.name(), bytes));
        } catch (SerializationException _) {
            return Optional.empty();
        }
    }

    private synchronized void apply(Fact fact) {
        fold.apply(fact);
    }

    /** Waits until all records that were in the log at the start have been read. */
    void awaitCaughtUp() throws InterruptedException {
        caughtUp.await();
        throwIfFailed();
    }

    /** Throws if reading the log has failed. */
    void throwIfFailed() {
        Throwable cause = failure;
        if (cause != null) {
            throw new IllegalStateException("The log of the cluster cannot be read: " + cause.getMessage(), cause);
        }
    }

    synchronized boolean knows(TaskId taskId) {
        return fold.knows(taskId);
    }

    synchronized RunStatus status() {
        return fold.status();
    }

    synchronized RunSummary summary(int parts) {
        return fold.summary(parts);
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
