package io.gpuctl.telemetry.views;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Keeps the views in maps, to check a whole log. As large as the views of the log; not thread-safe. */
public final class InMemoryViewStore implements ViewStore {
    private final NavigableMap<TaskId, TaskView> tasks = new TreeMap<>();
    private final NavigableMap<NodeId, NodeRecord> nodes = new TreeMap<>();
    private final NavigableMap<NodeId, NavigableMap<AttemptId, RunningTask>> holds = new TreeMap<>();
    private final NavigableMap<PoolId, PoolView> pools = new TreeMap<>();
    private final NavigableMap<String, UserView> users = new TreeMap<>();
    private final NavigableSet<String> index = new TreeSet<>();
    private final NavigableMap<TaskId, List<Fact>> histories = new TreeMap<>();
    private final NavigableMap<NodeId, NavigableMap<Long, Fact>> nodeHistories = new TreeMap<>();
    private final NavigableMap<TaskId, PoolId> claimants = new TreeMap<>();
    private final NavigableMap<Long, TaskId> claims = new TreeMap<>();
    private final Map<Position, Map<Integer, Long>> positions = new EnumMap<>(Position.class);

    private final boolean keepsHistories;

    public InMemoryViewStore() {
        this(true);
    }

    private InMemoryViewStore(boolean keepsHistories) {
        this.keepsHistories = keepsHistories;
    }

    /** Returns a store without the histories, which are as large as the log. */
    public static InMemoryViewStore withoutHistories() {
        return new InMemoryViewStore(false);
    }

    /** Returns the held allocations, by node and attempt; a live view. */
    public NavigableMap<NodeId, NavigableMap<AttemptId, RunningTask>> holds() {
        return Collections.unmodifiableNavigableMap(holds);
    }

    /** Returns all tasks, by id; a live view. */
    public NavigableMap<TaskId, TaskView> tasks() {
        return Collections.unmodifiableNavigableMap(tasks);
    }

    /** Returns all nodes, by id; a live view. */
    public NavigableMap<NodeId, NodeRecord> nodes() {
        return Collections.unmodifiableNavigableMap(nodes);
    }

    /** Returns all pools, by id; a live view. */
    public NavigableMap<PoolId, PoolView> pools() {
        return Collections.unmodifiableNavigableMap(pools);
    }

    /** Returns all users, by {@link UserCursor#key}; a live view. */
    public NavigableMap<String, UserView> users() {
        return Collections.unmodifiableNavigableMap(users);
    }

    /** Returns all keys of the index; a live view. */
    public NavigableSet<String> index() {
        return Collections.unmodifiableNavigableSet(index);
    }

    /** Returns the history of a task, oldest first. */
    public List<Fact> history(TaskId taskId) {
        return Collections.unmodifiableList(histories.getOrDefault(taskId, List.of()));
    }

    @Override
    public @Nullable TaskView task(TaskId taskId) {
        return tasks.get(taskId);
    }

    @Override
    public void putTask(TaskView view) {
        tasks.put(view.task().taskId(), view);
    }

    @Override
    public void removeTask(TaskId taskId) {
        tasks.remove(taskId);
    }

    @Override
    public @Nullable NodeRecord node(NodeId nodeId) {
        return nodes.get(nodeId);
    }

    @Override
    public void putNode(NodeRecord node) {
        nodes.put(node.inventory().nodeId(), node);
    }

    @Override
    public List<NodeRecord> allNodes() {
        return List.copyOf(nodes.values());
    }

    @Override
    public List<RunningTask> holds(NodeId nodeId) {
        return List.copyOf(holdsOf(nodeId).values());
    }

    @Override
    public @Nullable RunningTask hold(NodeId nodeId, AttemptId attempt) {
        return holdsOf(nodeId).get(attempt);
    }

    @Override
    public void putHold(NodeId nodeId, RunningTask hold) {
        holds.computeIfAbsent(nodeId, _ -> new TreeMap<>()).put(hold.attempt(), hold);
    }

    @Override
    public void removeHold(NodeId nodeId, AttemptId attempt) {
        holdsOf(nodeId).remove(attempt);
    }

    private NavigableMap<AttemptId, RunningTask> holdsOf(NodeId nodeId) {
        return holds.getOrDefault(nodeId, Collections.emptyNavigableMap());
    }

    @Override
    public @Nullable PoolView pool(PoolId pool) {
        return pools.get(pool);
    }

    @Override
    public void putPool(PoolView view) {
        pools.put(view.pool(), view);
    }

    @Override
    public @Nullable UserView user(UserCursor user) {
        return users.get(user.key());
    }

    @Override
    public void putUser(UserView view) {
        users.put(view.cursor().key(), view);
    }

    @Override
    public void removeUser(UserCursor user) {
        users.remove(user.key());
    }

    @Override
    public List<UserView> users(PoolId pool) {
        return List.copyOf(users.subMap(UserCursor.beforeAll(pool), UserCursor.afterAll(pool))
                .values());
    }

    @Override
    public void putIndexKey(String key) {
        index.add(key);
    }

    @Override
    public void removeIndexKey(String key) {
        index.remove(key);
    }

    @Override
    public List<String> indexKeys(String from, String to, int limit) {
        return index.subSet(from, to).stream().limit(limit).toList();
    }

    @Override
    public void appendHistory(TaskId taskId, Fact fact) {
        if (keepsHistories) {
            histories.computeIfAbsent(taskId, _ -> new ArrayList<>()).add(fact);
        }
    }

    @Override
    public void removeHistory(TaskId taskId) {
        histories.remove(taskId);
    }

    /** Returns the history of a node. */
    public NodeHistory nodeHistory(NodeId nodeId) {
        NavigableMap<Long, Fact> facts = nodeHistories.get(nodeId);
        return facts == null || facts.isEmpty()
                ? NodeHistory.EMPTY
                : new NodeHistory(facts.firstKey(), List.copyOf(facts.values()));
    }

    @Override
    public long nodeFactsEver(NodeId nodeId) {
        NavigableMap<Long, Fact> facts = nodeHistories.get(nodeId);
        return facts == null || facts.isEmpty() ? 0 : facts.lastKey() + 1;
    }

    @Override
    public void putNodeFact(NodeId nodeId, long number, Fact fact) {
        if (keepsHistories) {
            nodeHistories.computeIfAbsent(nodeId, _ -> new TreeMap<>()).put(number, fact);
        }
    }

    @Override
    public void removeNodeFact(NodeId nodeId, long number) {
        NavigableMap<Long, Fact> facts = nodeHistories.get(nodeId);
        if (facts != null) {
            facts.remove(number);
        }
    }

    @Override
    public void removeNodeHistory(NodeId nodeId) {
        nodeHistories.remove(nodeId);
    }

    @Override
    public @Nullable PoolId claimant(TaskId taskId) {
        return claimants.get(taskId);
    }

    @Override
    public void putClaim(long number, TaskId taskId, PoolId claimant) {
        claims.put(number, taskId);
        claimants.put(taskId, claimant);
    }

    @Override
    public void removeClaim(long number) {
        TaskId taskId = claims.remove(number);
        if (taskId != null) {
            claimants.remove(taskId);
        }
    }

    @Override
    public long position(Position position, int partition) {
        return positions.getOrDefault(position, Map.of()).getOrDefault(partition, -1L);
    }

    @Override
    public void putPosition(Position position, int partition, long offset) {
        positions.computeIfAbsent(position, _ -> new TreeMap<>()).put(partition, offset);
    }
}
