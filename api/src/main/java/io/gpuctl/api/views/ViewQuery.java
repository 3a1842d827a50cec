package io.gpuctl.api.views;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gpuctl.api.settings.HostAndPort;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.telemetry.conditions.TelemetrySummary;
import io.gpuctl.telemetry.conditions.TelemetryWindow;
import io.gpuctl.telemetry.runtime.TaskIdClaim;
import io.gpuctl.telemetry.runtime.Views;
import io.gpuctl.telemetry.views.NodeHistory;
import io.gpuctl.telemetry.views.NodePower;
import io.gpuctl.telemetry.views.NodeView;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.TaskCursor;
import io.gpuctl.telemetry.views.TaskView;
import io.gpuctl.telemetry.views.UserCursor;
import io.gpuctl.telemetry.views.UserView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A question that every instance can answer about its own partitions. It travels to other instances as JSON.
 *
 * @param <E> the type of the elements of the answer, which is a list
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ViewQuery.TaskById.class, name = "task_by_id"),
    @JsonSubTypes.Type(value = ViewQuery.TaskPage.class, name = "task_page"),
    @JsonSubTypes.Type(value = ViewQuery.ClaimOfId.class, name = "claim_of_id"),
    @JsonSubTypes.Type(value = ViewQuery.TaskHistory.class, name = "task_history"),
    @JsonSubTypes.Type(value = ViewQuery.NodeById.class, name = "node_by_id"),
    @JsonSubTypes.Type(value = ViewQuery.NodePage.class, name = "node_page"),
    @JsonSubTypes.Type(value = ViewQuery.HistoryOfNode.class, name = "node_history"),
    @JsonSubTypes.Type(value = ViewQuery.Pools.class, name = "pools"),
    @JsonSubTypes.Type(value = ViewQuery.UserPage.class, name = "user_page"),
    @JsonSubTypes.Type(value = ViewQuery.LastTelemetry.class, name = "last_telemetry"),
    @JsonSubTypes.Type(value = ViewQuery.LastTelemetryOfAll.class, name = "last_telemetry_of_all"),
    @JsonSubTypes.Type(value = ViewQuery.Power.class, name = "power"),
    @JsonSubTypes.Type(value = ViewQuery.Windows.class, name = "windows"),
    @JsonSubTypes.Type(value = ViewQuery.Summary.class, name = "summary"),
    @JsonSubTypes.Type(value = ViewQuery.PublicAddress.class, name = "public_address"),
    @JsonSubTypes.Type(value = ViewQuery.CommandsSeen.class, name = "commands_seen"),
})
public sealed interface ViewQuery<E> {

    Class<E> elementType();

    /**
     * Answers the query. Throws {@link io.gpuctl.telemetry.runtime.ViewsNotReadyException}, or the future fails with
     * it.
     */
    CompletableFuture<List<E>> ask(ViewsService instance);

    /** Returns how much longer than usual the answer may take, ms. */
    default long waitMs() {
        return 0;
    }

    /** Returns whether the answer reads hundreds of records, and so would block an event loop for too long. */
    default boolean readsMany() {
        return false;
    }

    private static <E> CompletableFuture<List<E>> answered(Optional<E> answer) {
        return answered(answer.map(List::of).orElse(List.of()));
    }

    private static <E> CompletableFuture<List<E>> answered(List<E> answer) {
        return CompletableFuture.completedFuture(answer);
    }

    record TaskById(TaskId taskId) implements ViewQuery<TaskView> {
        @Override
        public Class<TaskView> elementType() {
            return TaskView.class;
        }

        @Override
        public CompletableFuture<List<TaskView>> ask(ViewsService instance) {
            return answered(instance.views().task(taskId));
        }
    }

    /** See {@link Views#tasks}. */
    record TaskPage(@Nullable TaskState state, @Nullable TaskCursor after, int limit, Views.Order order)
            implements ViewQuery<TaskView> {
        @Override
        public boolean readsMany() {
            return true;
        }

        @Override
        public Class<TaskView> elementType() {
            return TaskView.class;
        }

        @Override
        public CompletableFuture<List<TaskView>> ask(ViewsService instance) {
            return answered(instance.views().tasks(state, after, limit, order));
        }
    }

    /** See {@link Views#claim}. */
    record ClaimOfId(TaskId taskId) implements ViewQuery<TaskIdClaim> {
        @Override
        public Class<TaskIdClaim> elementType() {
            return TaskIdClaim.class;
        }

        @Override
        public CompletableFuture<List<TaskIdClaim>> ask(ViewsService instance) {
            return answered(List.of(instance.views().claim(taskId)));
        }
    }

    /** See {@link Views#history}. */
    record TaskHistory(TaskId taskId, long after, int limit) implements ViewQuery<Fact> {
        @Override
        public Class<Fact> elementType() {
            return Fact.class;
        }

        @Override
        public CompletableFuture<List<Fact>> ask(ViewsService instance) {
            return answered(instance.views().history(taskId, after, limit));
        }
    }

    record NodeById(NodeId nodeId) implements ViewQuery<NodeView> {
        @Override
        public Class<NodeView> elementType() {
            return NodeView.class;
        }

        @Override
        public CompletableFuture<List<NodeView>> ask(ViewsService instance) {
            return answered(instance.views().node(nodeId));
        }
    }

    /** See {@link Views#nodes}. */
    record NodePage(@Nullable NodeId after, int limit) implements ViewQuery<NodeView> {
        @Override
        public boolean readsMany() {
            return true;
        }

        @Override
        public Class<NodeView> elementType() {
            return NodeView.class;
        }

        @Override
        public CompletableFuture<List<NodeView>> ask(ViewsService instance) {
            return answered(instance.views().nodes(after, limit));
        }
    }

    /** See {@link Views#nodeHistory}. */
    record HistoryOfNode(PoolId pool, NodeId nodeId) implements ViewQuery<NodeHistory> {
        @Override
        public Class<NodeHistory> elementType() {
            return NodeHistory.class;
        }

        @Override
        public CompletableFuture<List<NodeHistory>> ask(ViewsService instance) {
            return answered(List.of(instance.views().nodeHistory(pool, nodeId)));
        }
    }

    record Pools() implements ViewQuery<PoolView> {
        @Override
        public Class<PoolView> elementType() {
            return PoolView.class;
        }

        @Override
        public CompletableFuture<List<PoolView>> ask(ViewsService instance) {
            return answered(instance.views().pools());
        }
    }

    /** See {@link Views#users}. */
    record UserPage(@Nullable UserCursor after, int limit) implements ViewQuery<UserView> {
        @Override
        public boolean readsMany() {
            return true;
        }

        @Override
        public Class<UserView> elementType() {
            return UserView.class;
        }

        @Override
        public CompletableFuture<List<UserView>> ask(ViewsService instance) {
            return answered(instance.views().users(after, limit));
        }
    }

    record LastTelemetry(NodeId nodeId) implements ViewQuery<NodeTelemetry> {
        @Override
        public Class<NodeTelemetry> elementType() {
            return NodeTelemetry.class;
        }

        @Override
        public CompletableFuture<List<NodeTelemetry>> ask(ViewsService instance) {
            return answered(instance.views().telemetry(nodeId));
        }
    }

    /** The last telemetry of these nodes, without nodes that have none. */
    record LastTelemetryOfAll(List<NodeId> nodeIds) implements ViewQuery<NodeTelemetry> {
        @Override
        public boolean readsMany() {
            return true;
        }

        public LastTelemetryOfAll {
            if (nodeIds.size() > Views.LIMIT_MAX) {
                throw new IllegalArgumentException("node_ids must be %d at most".formatted(Views.LIMIT_MAX));
            }
            nodeIds = List.copyOf(nodeIds);
        }

        @Override
        public Class<NodeTelemetry> elementType() {
            return NodeTelemetry.class;
        }

        @Override
        public CompletableFuture<List<NodeTelemetry>> ask(ViewsService instance) {
            return answered(nodeIds.stream()
                    .flatMap(nodeId -> instance.views().telemetry(nodeId).stream())
                    .toList());
        }
    }

    /** See {@link Views#power}. */
    record Power() implements ViewQuery<NodePower> {
        @Override
        public Class<NodePower> elementType() {
            return NodePower.class;
        }

        @Override
        public CompletableFuture<List<NodePower>> ask(ViewsService instance) {
            return answered(instance.views().power());
        }
    }

    /** See {@link Views#windows}. */
    record Windows(NodeId nodeId, long fromMs, long toMs) implements ViewQuery<TelemetryWindow> {
        @Override
        public Class<TelemetryWindow> elementType() {
            return TelemetryWindow.class;
        }

        @Override
        public CompletableFuture<List<TelemetryWindow>> ask(ViewsService instance) {
            return answered(instance.views().windows(nodeId, fromMs, toMs));
        }
    }

    record Summary() implements ViewQuery<TelemetrySummary> {
        @Override
        public Class<TelemetrySummary> elementType() {
            return TelemetrySummary.class;
        }

        @Override
        public CompletableFuture<List<TelemetrySummary>> ask(ViewsService instance) {
            return answered(List.of(instance.views().telemetrySummary()));
        }
    }

    /** See {@link ViewsService#publicAddress}. */
    record PublicAddress() implements ViewQuery<HostAndPort> {
        @Override
        public Class<HostAndPort> elementType() {
            return HostAndPort.class;
        }

        @Override
        public CompletableFuture<List<HostAndPort>> ask(ViewsService instance) {
            return answered(List.of(instance.publicAddress()));
        }
    }

    /**
     * Answered with an empty list once the views have processed {@code task-commands} up to and including these
     * offsets.
     *
     * @param offsets offsets by partition
     * @param waitMs time after which the query fails with a {@link java.util.concurrent.TimeoutException}
     */
    record CommandsSeen(Map<Integer, Long> offsets, long waitMs) implements ViewQuery<Void> {

        /** More than any request waits. */
        static final long WAIT_MS_MAX = 10_000;

        public CommandsSeen {
            if (offsets.size() > Topics.POOL_PARTITIONS || waitMs < 0 || waitMs > WAIT_MS_MAX) {
                throw new IllegalArgumentException("wait_ms must be from 0 to %d, for %d partitions at most"
                        .formatted(WAIT_MS_MAX, Topics.POOL_PARTITIONS));
            }
            offsets = Map.copyOf(offsets);
        }

        @Override
        public Class<Void> elementType() {
            return Void.class;
        }

        @Override
        public CompletableFuture<List<Void>> ask(ViewsService instance) {
            var waits = new ArrayList<CompletableFuture<@Nullable Void>>();
            CompletableFuture<List<Void>> all = new CompletableFuture<>();
            // However the query ends, also by cancellation, cancel all waits.
            var _ = all.whenComplete((_, _) -> waits.forEach(wait -> wait.cancel(false)));
            try {
                offsets.forEach((partition, offset) -> waits.add(
                        instance.views().whenCommandSeen(partition, offset).toCompletableFuture()));
            } catch (RuntimeException e) {
                all.completeExceptionally(e);
                return all;
            }
            var _ = CompletableFuture.allOf(waits.toArray(CompletableFuture<?>[]::new))
                    .orTimeout(waitMs, TimeUnit.MILLISECONDS)
                    .whenComplete((_, failure) -> {
                        if (failure == null) {
                            all.complete(List.of());
                        } else {
                            all.completeExceptionally(failure);
                        }
                    });
            return all;
        }
    }
}
