package io.gpuctl.api.kafka;

import static org.apache.kafka.clients.admin.AdminClientConfig.CLIENT_ID_CONFIG;
import static org.apache.kafka.clients.admin.AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.admin.AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG;

import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.telemetry.runtime.ViewsApp;
import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Checks every few seconds how far the orchestrators and the views are behind their topics. */
@Startup
@ApplicationScoped
public class GroupWatch {
    private static final long PERIOD_MS = 5_000;
    private static final int TIMEOUT_MS = 4_000;

    /** Three periods, so that two checks may fail. */
    private static final long AGE_NANOS_MAX = Duration.ofSeconds(15).toNanos();

    private static final double NANOS_PER_SECOND = 1e9;

    private static final Map<String, List<Topic<?>>> READERS = Map.of(
            Topics.ORCHESTRATORS,
                    List.of(Topics.TASK_COMMANDS, Topics.TASK_REPORTS, Topics.NODE_EVENTS, Topics.NODE_CONDITIONS),
            ViewsApp.APPLICATION_ID, List.of(Topics.TASK_COMMANDS, Topics.CLUSTER_EVENTS, Topics.GPU_TELEMETRY));

    private final Admin admin;
    private final Vertx vertx;
    private final long timer;
    private final AtomicBoolean looking = new AtomicBoolean();
    /** Used by one check at a time. */
    private final Map<Reading, EndOffsets> ends = new HashMap<>();

    private volatile @Nullable Seen seen;

    GroupWatch(KafkaClients clients, Vertx vertx) {
        this.vertx = vertx;
        admin = Admin.create(clients.with(Map.of(
                CLIENT_ID_CONFIG, "gpuctl-api-groups",
                REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS,
                DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS)));
        timer = vertx.setPeriodic(1, PERIOD_MS, _ -> look());
    }

    /**
     * The lag of a group in a partition.
     *
     * @param records number of records that the group has not committed
     * @param seconds for how long this instance has seen the first of these records; 0 if there is none
     */
    public record Lag(String group, String topic, int partition, long records, double seconds) {}

    private record Reading(String group, TopicPartition partition) {}

    private record Seen(List<Lag> lags, long atNanos) {}

    /** Returns the result of the last check; empty while the broker does not answer. */
    public List<Lag> lags() {
        Seen last = seen;
        return last == null || System.nanoTime() - last.atNanos() > AGE_NANOS_MAX ? List.of() : last.lags();
    }

    /**
     * Returns for how long the oldest command that no orchestrator has processed has waited, s; empty while unknown.
     */
    public Optional<Double> oldestUnreadCommandSeconds() {
        return lags().stream()
                .filter(lag ->
                        lag.group().equals(Topics.ORCHESTRATORS) && lag.topic().equals(Topics.TASK_COMMANDS.name()))
                .map(Lag::seconds)
                .max(Double::compare);
    }

    private void look() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        // Read the ends first, so that records that arrive in between do not count as lag.
        var _ = endOffsets()
                .thenCompose(offsets -> committed().thenApply(groups -> lags(offsets, groups)))
                .whenComplete((lags, failure) -> {
                    if (failure == null) {
                        seen = new Seen(lags, System.nanoTime());
                    } else {
                        Log.debugf("Cannot read the positions of the consumer groups: %s", failure);
                    }
                    looking.set(false);
                });
    }

    private CompletionStage<Map<TopicPartition, Long>> endOffsets() {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        READERS.values()
                .forEach(topics -> topics.forEach(topic -> {
                    for (int partition = 0; partition < topic.partitions(); partition++) {
                        specs.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
                    }
                }));
        return admin.listOffsets(specs, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .toCompletionStage()
                .thenApply(offsets -> {
                    Map<TopicPartition, Long> all = new HashMap<>();
                    offsets.forEach((partition, info) -> all.put(partition, info.offset()));
                    return all;
                });
    }

    private CompletionStage<Map<String, Map<TopicPartition, OffsetAndMetadata>>> committed() {
        Map<String, ListConsumerGroupOffsetsSpec> groups = new HashMap<>();
        READERS.keySet().forEach(group -> groups.put(group, new ListConsumerGroupOffsetsSpec()));
        return admin.listConsumerGroupOffsets(groups).all().toCompletionStage();
    }

    private List<Lag> lags(
            Map<TopicPartition, Long> offsets, Map<String, Map<TopicPartition, OffsetAndMetadata>> groups) {
        long nowNanos = System.nanoTime();
        List<Lag> lags = new ArrayList<>();
        READERS.forEach((group, topics) -> topics.forEach(topic -> {
            for (int number = 0; number < topic.partitions(); number++) {
                TopicPartition partition = new TopicPartition(topic.name(), number);
                long end = offsets.getOrDefault(partition, 0L);
                long next = next(groups.getOrDefault(group, Map.of()).get(partition));
                EndOffsets ofGroup = ends.computeIfAbsent(new Reading(group, partition), _ -> new EndOffsets());
                ofGroup.sample(end, nowNanos);
                double seconds = ofGroup.unprocessedNanos(next, nowNanos) / NANOS_PER_SECOND;
                lags.add(new Lag(group, topic.name(), number, Math.max(0, end - next), seconds));
            }
        }));
        return Collections.unmodifiableList(lags);
    }

    /** Returns the next offset of a group; a group without commits starts at the beginning. */
    private static long next(@Nullable OffsetAndMetadata committed) {
        return committed == null ? 0 : committed.offset();
    }

    @PreDestroy
    void close() {
        vertx.cancelTimer(timer);
        admin.close(Duration.ofMillis(TIMEOUT_MS));
    }
}
