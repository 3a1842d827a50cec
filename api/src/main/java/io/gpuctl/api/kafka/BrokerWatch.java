package io.gpuctl.api.kafka;

import static org.apache.kafka.clients.admin.AdminClientConfig.CLIENT_ID_CONFIG;
import static org.apache.kafka.clients.admin.AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.admin.AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.events.kafka.Topics;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Asks the broker for the end offsets of {@code task-commands}, each second and on request. */
@ApplicationScoped
public class BrokerWatch {

    private static final long PERIOD_MS = 1_000;
    private static final int TIMEOUT_MS = 2_000;

    /** Three periods without an answer: one lost request is not an outage. */
    private static final long AWAY_AFTER_NANOS = 3_000_000_000L;

    private final Admin admin;
    private final Vertx vertx;
    private final long timer;
    private volatile long lastAnswerNanos = System.nanoTime() - AWAY_AFTER_NANOS;

    private @Nullable CompletableFuture<Map<Integer, Long>> running;
    private @Nullable CompletableFuture<Map<Integer, Long>> next;

    BrokerWatch(KafkaClients clients, Vertx vertx) {
        this.vertx = vertx;
        admin = Admin.create(clients.with(Map.of(
                CLIENT_ID_CONFIG, "gpuctl-api-watch",
                REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS,
                DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS)));
        timer = vertx.setPeriodic(1, PERIOD_MS, _ -> probe());
    }

    private void probe() {
        commandEnds().subscribe().with(_ -> {}, failure -> Log.debugf("The broker did not answer: %s", failure));
    }

    /** Returns whether the broker has not answered for some seconds, or not yet since the start. */
    public boolean isAway() {
        return System.nanoTime() - lastAnswerNanos >= AWAY_AFTER_NANOS;
    }

    /** Returns the error for a request that needs the broker while it {@link #isAway}. */
    public ProblemException away() {
        return ProblemException.of(ProblemType.BROKER_AWAY, "The Kafka broker has not answered for some seconds");
    }

    /**
     * Returns the end offsets of {@code task-commands} by partition, not older than this call. All callers together
     * cause at most two requests at a time. Fails with a {@link ProblemException} (503) within two seconds.
     */
    public Uni<Map<Integer, Long>> commandEnds() {
        return Uni.createFrom()
                // A copy: a caller that cancels ends only its own wait, not the wait of the others.
                .completionStage(() -> ask().copy())
                .onFailure()
                .transform(failure -> ProblemException.of(
                        ProblemType.BROKER_AWAY, "The Kafka broker did not answer in time", failure));
    }

    /** Returns the answer of the next request: a request in progress may return offsets from before this call. */
    private synchronized CompletableFuture<Map<Integer, Long>> ask() {
        if (running == null) {
            var first = new CompletableFuture<Map<Integer, Long>>();
            send(first);
            return first;
        }
        if (next == null) {
            next = new CompletableFuture<>();
        }
        return next;
    }

    private synchronized void send(CompletableFuture<Map<Integer, Long>> answer) {
        running = answer;
        var specs = new HashMap<TopicPartition, OffsetSpec>();
        for (int partition = 0; partition < Topics.POOL_PARTITIONS; partition++) {
            specs.put(new TopicPartition(Topics.TASK_COMMANDS.name(), partition), OffsetSpec.latest());
        }
        admin.listOffsets(specs).all().toCompletionStage().whenComplete((offsets, failure) -> {
            sendNext();
            if (failure == null) {
                lastAnswerNanos = System.nanoTime();
                answer.complete(byPartition(offsets));
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }

    private synchronized void sendNext() {
        running = null;
        var waiting = next;
        next = null;
        if (waiting != null) {
            send(waiting);
        }
    }

    private static Map<Integer, Long> byPartition(Map<TopicPartition, ListOffsetsResultInfo> offsets) {
        var ends = new TreeMap<Integer, Long>();
        offsets.forEach((partition, info) -> ends.put(partition.partition(), info.offset()));
        return ends;
    }

    @PreDestroy
    void close() {
        vertx.cancelTimer(timer);
        admin.close(Duration.ofMillis(TIMEOUT_MS));
    }
}
