package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.telemetry.views.NodeRecord;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.RunningTask;
import io.gpuctl.telemetry.views.StoreKeys;
import io.gpuctl.telemetry.views.TaskIndex;
import io.gpuctl.telemetry.views.TaskView;
import io.gpuctl.telemetry.views.UserCursor;
import io.gpuctl.telemetry.views.UserView;
import io.gpuctl.telemetry.views.ViewStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The views of one partition in the stores of Kafka Streams. */
final class KafkaViewStore implements ViewStore {
    /** The value of every index key, since a store treats null as a deletion. */
    private static final byte[] PRESENT = {1};

    private final KeyValueStore<String, TaskView> tasks;
    private final KeyValueStore<String, byte[]> index;
    private final KeyValueStore<String, byte[]> activeIndex;
    private final KeyValueStore<String, Fact> history;
    private final KeyValueStore<String, Fact> nodeHistory;
    private final KeyValueStore<String, NodeRecord> nodes;
    private final KeyValueStore<String, RunningTask> holds;
    private final KeyValueStore<String, PoolView> pools;
    private final KeyValueStore<String, UserView> users;
    private final KeyValueStore<String, String> claims;
    private final KeyValueStore<String, Long> positions;

    /**
     * Caches of all nodes and pools read or written, one entry each: each fact needs one, and its JSON costs more than
     * the rest. They are safe, because only one processor writes them, and it is recreated with its stores.
     */
    private final Map<NodeId, NodeRecord> nodesRead = new HashMap<>();

    private final Map<PoolId, PoolView> poolsRead = new HashMap<>();

    /**
     * Cache of gangs that hold GPUs: each node of a gang reports several times, and the JSON of a gang may be a
     * megabyte. The cache holds as many gangs as fit into the cluster.
     */
    private final Map<TaskId, TaskView> gangsRead = new HashMap<>();

    KafkaViewStore(ProcessingContext context) {
        tasks = context.getStateStore(ViewStores.TASKS);
        index = context.getStateStore(ViewStores.TASK_INDEX);
        activeIndex = context.getStateStore(ViewStores.ACTIVE_TASK_INDEX);
        history = context.getStateStore(ViewStores.TASK_HISTORY);
        nodeHistory = context.getStateStore(ViewStores.NODE_HISTORY);
        nodes = context.getStateStore(ViewStores.NODES);
        holds = context.getStateStore(ViewStores.HOLDS);
        pools = context.getStateStore(ViewStores.POOLS);
        users = context.getStateStore(ViewStores.USERS);
        claims = context.getStateStore(ViewStores.CLAIMS);
        positions = context.getStateStore(ViewStores.POSITIONS);
    }

    @Override
    public @Nullable TaskView task(TaskId taskId) {
        TaskView gang = gangsRead.get(taskId);
        return gang == null ? tasks.get(taskId.value()) : gang;
    }

    @Override
    public void putTask(TaskView view) {
        TaskId taskId = view.task().taskId();
        if (view.state().holdsGpus() && view.nodeCount() > 1) {
            gangsRead.put(taskId, view);
        } else {
            gangsRead.remove(taskId);
        }
        tasks.put(taskId.value(), view);
    }

    @Override
    public void removeTask(TaskId taskId) {
        gangsRead.remove(taskId);
        tasks.delete(taskId.value());
    }

    @Override
    public @Nullable NodeRecord node(NodeId nodeId) {
        NodeRecord read = nodesRead.get(nodeId);
        if (read == null) {
            read = nodes.get(nodeId.value());
            if (read != null) {
                nodesRead.put(nodeId, read);
            }
        }
        return read;
    }

    @Override
    public void putNode(NodeRecord node) {
        NodeId nodeId = node.inventory().nodeId();
        nodesRead.put(nodeId, node);
        nodes.put(nodeId.value(), node);
    }

    @Override
    public List<NodeRecord> allNodes() {
        List<NodeRecord> found = new ArrayList<>();
        try (KeyValueIterator<String, NodeRecord> entries = nodes.all()) {
            while (entries.hasNext()) {
                found.add(entries.next().value);
            }
        }
        return found;
    }

    @Override
    public List<RunningTask> holds(NodeId nodeId) {
        String prefix = StoreKeys.holdPrefix(nodeId);
        List<RunningTask> found = new ArrayList<>();
        try (KeyValueIterator<String, RunningTask> entries = holds.range(prefix, prefix + StoreKeys.LAST)) {
            while (entries.hasNext()) {
                found.add(entries.next().value);
            }
        }
        return found;
    }

    @Override
    public @Nullable RunningTask hold(NodeId nodeId, AttemptId attempt) {
        return holds.get(StoreKeys.holdKey(nodeId, attempt));
    }

    @Override
    public void putHold(NodeId nodeId, RunningTask hold) {
        holds.put(StoreKeys.holdKey(nodeId, hold.attempt()), hold);
    }

    @Override
    public void removeHold(NodeId nodeId, AttemptId attempt) {
        holds.delete(StoreKeys.holdKey(nodeId, attempt));
    }

    @Override
    public @Nullable PoolView pool(PoolId pool) {
        PoolView read = poolsRead.get(pool);
        if (read == null) {
            read = pools.get(pool.value());
            if (read != null) {
                poolsRead.put(pool, read);
            }
        }
        return read;
    }

    @Override
    public void putPool(PoolView view) {
        poolsRead.put(view.pool(), view);
        pools.put(view.pool().value(), view);
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
        users.delete(user.key());
    }

    @Override
    public List<UserView> users(PoolId pool) {
        List<UserView> found = new ArrayList<>();
        try (KeyValueIterator<String, UserView> entries =
                users.range(UserCursor.beforeAll(pool), UserCursor.afterAll(pool))) {
            while (entries.hasNext()) {
                found.add(entries.next().value);
            }
        }
        return found;
    }

    @Override
    public void putIndexKey(String key) {
        indexOf(key).put(key, PRESENT);
    }

    @Override
    public void removeIndexKey(String key) {
        indexOf(key).delete(key);
    }

    private KeyValueStore<String, byte[]> indexOf(String key) {
        return TaskIndex.isOfActiveState(key) ? activeIndex : index;
    }

    @Override
    public List<String> indexKeys(String from, String to, int limit) {
        return keys(index, from, to, limit);
    }

    @Override
    public void appendHistory(TaskId taskId, Fact fact) {
        history.put(StoreKeys.historyKey(taskId, fact.sequence()), fact);
    }

    @Override
    public void removeHistory(TaskId taskId) {
        String prefix = StoreKeys.historyPrefix(taskId);
        keys(history, prefix, prefix + StoreKeys.LAST, Integer.MAX_VALUE).forEach(history::delete);
    }

    @Override
    public long nodeFactsEver(NodeId nodeId) {
        String prefix = StoreKeys.nodeHistoryPrefix(nodeId);
        try (KeyValueIterator<String, Fact> entries = nodeHistory.reverseRange(prefix, prefix + StoreKeys.LAST)) {
            return entries.hasNext() ? StoreKeys.nodeHistoryNumber(nodeId, entries.peekNextKey()) + 1 : 0;
        }
    }

    @Override
    public void putNodeFact(NodeId nodeId, long number, Fact fact) {
        nodeHistory.put(StoreKeys.nodeHistoryKey(nodeId, number), fact);
    }

    @Override
    public void removeNodeFact(NodeId nodeId, long number) {
        if (number >= 0) {
            nodeHistory.delete(StoreKeys.nodeHistoryKey(nodeId, number));
        }
    }

    @Override
    public void removeNodeHistory(NodeId nodeId) {
        String prefix = StoreKeys.nodeHistoryPrefix(nodeId);
        keys(nodeHistory, prefix, prefix + StoreKeys.LAST, Integer.MAX_VALUE).forEach(nodeHistory::delete);
    }

    @Override
    public @Nullable PoolId claimant(TaskId taskId) {
        String pool = claims.get(StoreKeys.claimantKey(taskId));
        return pool == null ? null : new PoolId(pool);
    }

    @Override
    public void putClaim(long number, TaskId taskId, PoolId claimant) {
        claims.put(StoreKeys.claimKey(number), taskId.value());
        claims.put(StoreKeys.claimantKey(taskId), claimant.value());
    }

    @Override
    public void removeClaim(long number) {
        String taskId = number < 0 ? null : claims.delete(StoreKeys.claimKey(number));
        if (taskId != null) {
            claims.delete(StoreKeys.claimantKey(new TaskId(taskId)));
        }
    }

    @Override
    public long position(Position position, int partition) {
        Long offset = positions.get(StoreKeys.positionKey(position, partition));
        return offset == null ? -1 : offset;
    }

    @Override
    public void putPosition(Position position, int partition, long offset) {
        positions.put(StoreKeys.positionKey(position, partition), offset);
    }

    private static <V> List<String> keys(KeyValueStore<String, V> store, String from, String to, int limit) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, V> entries = store.range(from, to)) {
            while (entries.hasNext() && keys.size() < limit) {
                KeyValue<String, V> entry = entries.next();
                keys.add(entry.key);
            }
        }
        return keys;
    }
}
