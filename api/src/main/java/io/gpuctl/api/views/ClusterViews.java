package io.gpuctl.api.views;

import io.gpuctl.api.settings.ApiSettings;
import io.gpuctl.api.settings.HostAndPort;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.telemetry.conditions.TelemetrySummary;
import io.gpuctl.telemetry.conditions.TelemetryWindow;
import io.gpuctl.telemetry.runtime.Ownership;
import io.gpuctl.telemetry.runtime.Ownership.Host;
import io.gpuctl.telemetry.runtime.PageEnd;
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
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The views of the whole cluster: each partition is read from the instance that owns it, this one or another.
 *
 * <p>Every answer is complete. If an owner is unknown, does not answer, or owns other partitions than expected, the
 * question is retried for a while; then the {@code Uni} fails with a {@link io.gpuctl.api.problem.ProblemException}
 * (503). There are no retries until the views have been complete once since this process started.
 */
@ApplicationScoped
public class ClusterViews {

    private final LocalViews local;
    private final Instances instances;
    private final long waitMs;
    private final Patience patience;
    private volatile boolean wereWhole;

    @Inject
    ClusterViews(LocalViews local, Instances instances, ApiSettings settings) {
        this(local, instances, settings.viewsTimeout(), settings.viewsMoveTimeout());
    }

    /**
     * For use without a container.
     *
     * @param timeout how long {@link #whenSeen} waits
     * @param moveTimeout how long each question is retried while the views move
     */
    ClusterViews(LocalViews local, Instances instances, Duration timeout, Duration moveTimeout) {
        this.local = local;
        this.instances = instances;
        waitMs = timeout.toMillis();
        patience = new Patience(moveTimeout, () -> wereWhole);
    }

    /**
     * Returns the task from any pool. A task on this instance is found without asking the other instances, as it is at
     * the moment of the call.
     */
    public Uni<Optional<TaskView>> task(TaskId taskId) {
        var query = new ViewQuery.TaskById(taskId);
        return askNearFirst(query).map(found -> found.stream().min(Comparator.comparing(TaskView::cursor)));
    }

    /** Returns the task, if it is in this pool. */
    public Uni<Optional<TaskView>> task(PoolId pool, TaskId taskId) {
        int partition = PoolPartitioner.partition(pool);
        return whole(ownership ->
                        ask(ownership, ownership.poolPartitions().get(partition), new ViewQuery.TaskById(taskId)))
                .map(found -> found.stream()
                        .filter(view -> view.task().pool().equals(pool))
                        .findFirst());
    }

    /** See {@link Views#claim}. */
    public Uni<TaskIdClaim> claim(TaskId taskId) {
        int partition = PoolPartitioner.partition(PoolId.DEFAULT);
        return whole(ownership ->
                        ask(ownership, ownership.poolPartitions().get(partition), new ViewQuery.ClaimOfId(taskId)))
                .map(List::getFirst);
    }

    /** See {@link Views#tasks}. */
    public Uni<List<TaskView>> tasks(
            @Nullable TaskState state, @Nullable TaskCursor after, int limit, Views.Order order) {
        var oldestFirst = Comparator.comparing(TaskView::cursor);
        var comparator = switch (order) {
            case OLDEST_FIRST -> oldestFirst;
            case NEWEST_FIRST -> oldestFirst.reversed();
        };
        return askAll(new ViewQuery.TaskPage(state, after, limit, order))
                .map(found -> PageEnd.cut(found.stream().sorted(comparator).iterator(), limit, TaskView::nodeCount));
    }

    /** See {@link Views#history}. */
    public Uni<List<Fact>> history(TaskView task, long after, int limit) {
        int partition = PoolPartitioner.partition(task.task().pool());
        var query = new ViewQuery.TaskHistory(task.task().taskId(), after, limit);
        return whole(ownership -> ask(ownership, ownership.poolPartitions().get(partition), query));
    }

    public Uni<Optional<NodeView>> node(NodeId nodeId) {
        var query = new ViewQuery.NodeById(nodeId);
        return askNearFirst(query).map(found -> found.stream().findFirst());
    }

    /** See {@link Views#nodeHistory}. */
    public Uni<NodeHistory> history(NodeView node) {
        var inventory = node.inventory();
        int partition = PoolPartitioner.partition(inventory.pool());
        var query = new ViewQuery.HistoryOfNode(inventory.pool(), inventory.nodeId());
        return whole(ownership -> ask(ownership, ownership.poolPartitions().get(partition), query))
                .map(List::getFirst);
    }

    /** See {@link Views#nodes}. */
    public Uni<List<NodeView>> nodes(@Nullable NodeId after, int limit) {
        return askAll(new ViewQuery.NodePage(after, limit))
                .map(found -> PageEnd.cut(
                        found.stream()
                                .sorted(Comparator.comparing(
                                        view -> view.inventory().nodeId()))
                                .iterator(),
                        limit,
                        NodeView::attemptCount));
    }

    /** Returns all pools, sorted by id. */
    public Uni<List<PoolView>> pools() {
        return askAll(new ViewQuery.Pools())
                .map(found -> found.stream()
                        .sorted(Comparator.comparing(PoolView::pool))
                        .toList());
    }

    /** See {@link Views#users}. */
    public Uni<List<UserView>> users(@Nullable UserCursor after, int limit) {
        return askAll(new ViewQuery.UserPage(after, limit))
                .map(found -> found.stream()
                        .sorted(Comparator.comparing(UserView::cursor, UserCursor.BY_POOL))
                        .limit(limit)
                        .toList());
    }

    /** Returns the last telemetry of the node; from this instance, as it is at the moment of the call. */
    public Uni<Optional<NodeTelemetry>> telemetry(NodeId nodeId) {
        var query = new ViewQuery.LastTelemetry(nodeId);
        List<NodeTelemetry> near = local.answerNow(query);
        return (near.isEmpty() ? askTelemetry(nodeId, query) : Uni.createFrom().item(near))
                .map(found -> found.stream().findFirst());
    }

    /**
     * Returns the last telemetry of these nodes, without nodes that have none, in any order; for at most
     * {@link Views#LIMIT_MAX} nodes.
     */
    public Uni<List<NodeTelemetry>> telemetry(List<NodeId> nodeIds) {
        return whole(ownership -> {
            SortedMap<Host, List<NodeId>> idsByOwner = new TreeMap<>();
            nodeIds.forEach(nodeId -> idsByOwner
                    .computeIfAbsent(
                            ownership.ofTelemetry(nodeId).orElseThrow(LocalViews::moving), _ -> new ArrayList<>())
                    .add(nodeId));
            return joined(idsByOwner.entrySet().stream()
                    .map(owned -> ask(ownership, owned.getKey(), new ViewQuery.LastTelemetryOfAll(owned.getValue())))
                    .toList());
        });
    }

    /** See {@link Views#power}. */
    public Uni<List<NodePower>> power() {
        return askAll(new ViewQuery.Power());
    }

    /** See {@link Views#windows}. */
    public Uni<List<TelemetryWindow>> windows(NodeId nodeId, long fromMs, long toMs) {
        return askTelemetry(nodeId, new ViewQuery.Windows(nodeId, fromMs, toMs));
    }

    /** Returns a function from a node to the address at which clients reach the instance with its telemetry. */
    public Uni<Function<NodeId, HostAndPort>> telemetryAddresses() {
        return whole(ownership -> {
            var owners =
                    List.copyOf(new TreeSet<>(ownership.telemetryPartitions().values()));
            var answers = owners.stream()
                    .map(owner -> ask(ownership, owner, new ViewQuery.PublicAddress()))
                    .toList();
            return joined(answers)
                    .map(addresses -> node -> addresses.get(
                            owners.indexOf(ownership.ofTelemetry(node).orElseThrow(LocalViews::moving))));
        });
    }

    public Uni<TelemetrySummary> telemetrySummary() {
        return askAll(new ViewQuery.Summary())
                .map(found -> found.stream().reduce(TelemetrySummary.EMPTY, TelemetrySummary::plus));
    }

    /**
     * Waits until the views have processed {@code task-commands} up to these offsets, exclusive, on whichever instances
     * own the partitions.
     *
     * @param ends end offsets by partition
     */
    public Uni<Void> whenSeen(Map<Integer, Long> ends) {
        return whole(ownership -> {
            SortedMap<Host, Map<Integer, Long>> offsetsByOwner = new TreeMap<>();
            ends.forEach((partition, end) -> {
                if (end > 0) {
                    offsetsByOwner
                            .computeIfAbsent(owner(ownership, partition), _ -> new TreeMap<>())
                            .put(partition, end - 1);
                }
            });
            var waits = new ArrayList<Uni<List<Void>>>();
            offsetsByOwner.forEach(
                    (owner, offsets) -> waits.add(ask(ownership, owner, new ViewQuery.CommandsSeen(offsets, waitMs))));
            return joined(waits).replaceWithVoid();
        });
    }

    private static Host owner(Ownership ownership, int partition) {
        var owner = ownership.poolPartitions().get(partition);
        if (owner == null) {
            throw LocalViews.moving();
        }
        return owner;
    }

    private <E> Uni<List<E>> askTelemetry(NodeId nodeId, ViewQuery<E> query) {
        return whole(ownership -> ask(ownership, ownership.ofTelemetry(nodeId).orElseThrow(LocalViews::moving), query));
    }

    /**
     * Asks the other instances only if this one finds nothing. What this one finds is in the {@code Uni} when this
     * returns.
     */
    private <E> Uni<List<E>> askNearFirst(ViewQuery<E> query) {
        List<E> near = local.answerNow(query);
        return near.isEmpty() ? askEverywhere(query) : Uni.createFrom().item(near);
    }

    private <E> Uni<List<E>> askEverywhere(ViewQuery<E> query) {
        return asked(() -> local.ask(query)
                .chain(found -> found.isEmpty()
                        ? askAll(complete(), query)
                        : Uni.createFrom().item(found)));
    }

    private <E> Uni<List<E>> askAll(ViewQuery<E> query) {
        return whole(ownership -> askAll(ownership, query));
    }

    private <E> Uni<List<E>> askAll(Ownership ownership, ViewQuery<E> query) {
        SortedSet<Host> owners = new TreeSet<>(ownership.others());
        owners.add(ownership.self());
        return joined(owners.stream().map(owner -> ask(ownership, owner, query)).toList());
    }

    /** Asks a question that needs the owner of each partition. */
    private <T> Uni<T> whole(Function<Ownership, Uni<T>> question) {
        return asked(() -> question.apply(complete()));
    }

    /** Asks the question, and retries while the views move. */
    private <T> Uni<T> asked(Supplier<Uni<T>> question) {
        return patience.with(question);
    }

    /** Returns the answers of several instances as one list. */
    private static <E> Uni<List<E>> joined(List<Uni<List<E>>> answers) {
        if (answers.size() == 1) {
            return answers.getFirst();
        }
        if (answers.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        return Uni.join().all(answers).andFailFast().map(lists -> {
            var all = new ArrayList<E>();
            lists.forEach(all::addAll);
            return all;
        });
    }

    private <E> Uni<List<E>> ask(Ownership ownership, @Nullable Host owner, ViewQuery<E> query) {
        if (owner == null) {
            return Uni.createFrom().failure(LocalViews.moving());
        }
        if (owner.equals(ownership.self())) {
            return local.ask(query);
        }
        var question = new Question(
                LocalViews.ownedBy(owner, ownership.poolPartitions()),
                LocalViews.ownedBy(owner, ownership.telemetryPartitions()),
                query);
        return instances.ask(owner, question, query.elementType());
    }

    private Ownership complete() {
        var ownership = local.ownership();
        if (!ownership.isComplete()) {
            throw LocalViews.moving();
        }
        wereWhole = true;
        return ownership;
    }
}
