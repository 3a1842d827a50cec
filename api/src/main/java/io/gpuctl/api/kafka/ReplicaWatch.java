package io.gpuctl.api.kafka;

import static org.apache.kafka.clients.admin.AdminClientConfig.CLIENT_ID_CONFIG;
import static org.apache.kafka.clients.admin.AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.admin.AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG;

import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.jspecify.annotations.Nullable;

/** Checks periodically how many copies each partition of gpuctl's topics has. */
@Startup
@ApplicationScoped
public class ReplicaWatch {
    private static final long PERIOD_MS = 15_000;
    private static final int TIMEOUT_MS = 5_000;

    /** Three periods, so that two checks may fail. */
    private static final long AGE_NANOS_MAX = Duration.ofSeconds(45).toNanos();

    private final Admin admin;
    private final Vertx vertx;
    private final long timer;
    private volatile @Nullable Seen seen;

    ReplicaWatch(KafkaClients clients, Vertx vertx) {
        this.vertx = vertx;
        admin = Admin.create(clients.with(Map.of(
                CLIENT_ID_CONFIG, "gpuctl-api-replicas",
                REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS,
                DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS)));
        timer = vertx.setPeriodic(1, PERIOD_MS, _ -> look());
    }

    /** The number of copies of a partition, and how many of them are complete. */
    public record Copies(String topic, int partition, int replicas, int inSync) {}

    private record Seen(List<Copies> copies, long atNanos) {}

    /** Returns the copies of gpuctl's topics, except those of Kafka Streams; empty while the broker does not answer. */
    public List<Copies> copies() {
        Seen last = seen;
        return last == null || System.nanoTime() - last.atNanos() > AGE_NANOS_MAX ? List.of() : last.copies();
    }

    private void look() {
        var _ = admin.describeTopics(Topics.ALL.stream().map(Topic::name).toList())
                .allTopicNames()
                .toCompletionStage()
                .whenComplete((topics, failure) -> {
                    if (failure == null) {
                        seen = new Seen(copies(topics.values()), System.nanoTime());
                    } else {
                        Log.debugf("Cannot read the replicas of the topics: %s", failure);
                    }
                });
    }

    private static List<Copies> copies(Collection<TopicDescription> topics) {
        List<Copies> all = new ArrayList<>();
        topics.forEach(topic -> topic.partitions()
                .forEach(partition -> all.add(new Copies(
                        topic.name(),
                        partition.partition(),
                        partition.replicas().size(),
                        partition.isr().size()))));
        return Collections.unmodifiableList(all);
    }

    @PreDestroy
    void close() {
        vertx.cancelTimer(timer);
        admin.close(Duration.ofMillis(TIMEOUT_MS));
    }
}
