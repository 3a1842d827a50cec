package io.gpuctl.api.kafka;

import static org.apache.kafka.clients.admin.AdminClientConfig.CLIENT_ID_CONFIG;
import static org.apache.kafka.clients.admin.AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.admin.AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG;

import io.gpuctl.events.kafka.Topics;
import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Checks every few seconds whether an orchestrator runs, that is, whether the group of all orchestrators has a member.
 * For the broker, a dead orchestrator stays a member until its session times out.
 */
@Startup
@ApplicationScoped
public class OrchestratorWatch {

    /** The result of the last check. */
    public enum Presence {
        /** No result yet, or the broker does not answer or does not allow the check. */
        UNKNOWN,
        RUNS,
        NONE
    }

    private static final long PERIOD_MS = 2_000;
    private static final int TIMEOUT_MS = 2_000;

    private final Admin admin;
    private final Vertx vertx;
    private final long timer;
    private volatile Presence presence = Presence.UNKNOWN;
    private volatile @Nullable Set<Integer> decidedPartitions;

    OrchestratorWatch(KafkaClients clients, Vertx vertx) {
        this.vertx = vertx;
        admin = Admin.create(clients.with(Map.of(
                CLIENT_ID_CONFIG, "gpuctl-api-orchestrators",
                REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS,
                DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS)));
        timer = vertx.setPeriodic(1, PERIOD_MS, _ -> look());
    }

    public Presence presence() {
        return presence;
    }

    /**
     * Returns the partitions of pools for which an orchestrator decides, according to the broker; empty while unknown.
     */
    public Optional<Set<Integer>> decidedPartitions() {
        return Optional.ofNullable(decidedPartitions);
    }

    private void look() {
        var _ = admin.describeConsumerGroups(List.of(Topics.ORCHESTRATORS))
                .all()
                .toCompletionStage()
                .handle((groups, failure) -> {
                    if (failure == null) {
                        boolean isEmpty = groups.values().stream()
                                .allMatch(group -> group.members().isEmpty());
                        found(isEmpty ? Presence.NONE : Presence.RUNS, partitions(groups.values()));
                    } else if (isNotFound(failure)) {
                        found(Presence.NONE, Set.of());
                    } else {
                        found(Presence.UNKNOWN, null);
                        Log.debugf("Cannot check whether an orchestrator runs: %s", failure);
                    }
                    return presence;
                });
    }

    private void found(Presence newPresence, @Nullable Set<Integer> newPartitions) {
        presence = newPresence;
        decidedPartitions = newPartitions;
    }

    private static Set<Integer> partitions(Collection<ConsumerGroupDescription> groups) {
        Set<Integer> partitions = new TreeSet<>();
        for (ConsumerGroupDescription group : groups) {
            for (MemberDescription member : group.members()) {
                for (TopicPartition partition : member.assignment().topicPartitions()) {
                    if (partition.topic().equals(Topics.TASK_COMMANDS.name())) {
                        partitions.add(partition.partition());
                    }
                }
            }
        }
        return Collections.unmodifiableSet(partitions);
    }

    /** Returns whether the group does not exist, because no orchestrator ever joined it. */
    private static boolean isNotFound(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof GroupIdNotFoundException;
    }

    @PreDestroy
    void close() {
        vertx.cancelTimer(timer);
        admin.close(Duration.ofMillis(TIMEOUT_MS));
    }
}
