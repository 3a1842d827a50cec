package io.gpuctl.audit.rules;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import io.gpuctl.telemetry.views.InMemoryViewStore;
import io.gpuctl.telemetry.views.NodeRecord;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.PoolViewsFold;
import io.gpuctl.telemetry.views.RunningTask;
import io.gpuctl.telemetry.views.StoreKeys;
import io.gpuctl.telemetry.views.TaskIndex;
import io.gpuctl.telemetry.views.TaskView;
import io.gpuctl.telemetry.views.UserCursor;
import io.gpuctl.telemetry.views.UserView;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The stored views are the fold over the facts up to the stored sequence. The views may be behind the log, but never
 * ahead of it.
 */
final class StoredViewsRule implements Rule {
    /** The fold of one pool, up to the sequence of the stored view. */
    private static final class Replay {
        final InMemoryViewStore store = InMemoryViewStore.withoutHistories();
        final PoolViewsFold fold = new PoolViewsFold(store);
    }

    private final Violations violations;
    private final StoredJson json;
    private final StoredViews stored;
    private final SortedMap<PoolId, PoolView> storedPools = new TreeMap<>();
    private final SortedMap<String, TaskView> storedTasks = new TreeMap<>();
    private final SortedMap<PoolId, Replay> replays = new TreeMap<>();
    private final SortedMap<PoolId, Long> sequences = new TreeMap<>();
    private final SortedSet<String> index = new TreeSet<>();

    StoredViewsRule(StoredViews stored, Violations violations) {
        this.stored = stored;
        this.violations = violations;
        json = new StoredJson(name(), violations);
        stored.pools().forEach((key, record) -> {
            PoolView pool = json.read(key, record, PoolView.class);
            if (pool != null && pool.sequence() > 0) {
                storedPools.put(pool.pool(), pool);
                replays.put(pool.pool(), new Replay());
            }
        });
        stored.tasks().forEach((key, record) -> {
            TaskView task = json.read(key, record, TaskView.class);
            if (task != null) {
                storedTasks.put(key, task);
            }
        });
    }

    @Override
    public String name() {
        return "stored-views";
    }

    @Override
    public void afterFact(FactStep step) {
        Fact fact = step.fact();
        sequences.merge(fact.pool(), fact.sequence(), Math::max);
        Replay replay = replays.get(fact.pool());
        PoolView pool = storedPools.get(fact.pool());
        if (replay == null || pool == null) {
            return;
        }
        replay.fold.apply(fact);
        if (fact.sequence() == pool.sequence()) {
            compare(fact.pool(), replay.store);
            replays.remove(fact.pool());
        }
    }

    @Override
    public void onEnd() {
        storedPools.forEach((pool, view) -> {
            long atLast = sequences.getOrDefault(pool, 0L);
            if (view.sequence() > atLast) {
                Stored record = stored.pools().get(pool.value());
                violations.add(
                        name(),
                        record == null ? StoredJson.nowhere(stored.pools()) : record.place(),
                        "Pool %s is stored as of fact %d, but the log ends with fact %d"
                                .formatted(pool, view.sequence(), atLast));
            }
        });
        if (replays.isEmpty()) {
            compareIndex();
        }
    }

    private void compare(PoolId pool, InMemoryViewStore expected) {
        comparePool(pool, expected.pool(pool));
        expected.nodes().forEach(this::compareNode);
        compareHolds(expected);
        expected.tasks().forEach(this::compareTask);
        storedTasks.forEach((key, task) -> {
            // A task without facts is a submission that the orchestrator has not processed yet.
            if (task.sequence() > 0
                    && task.task().pool().equals(pool)
                    && !expected.tasks().containsKey(task.task().taskId())) {
                json.compare(stored.tasks(), key, null, TaskView.class);
            }
        });
        compareUsers(pool, expected);
        index.addAll(expected.index());
    }

    /**
     * Compares a pool. An older program did not count allocations on nodes that are not up; the next fact adds the
     * count.
     */
    private void comparePool(PoolId pool, @Nullable PoolView expected) {
        PoolView found = storedPools.get(pool);
        boolean isOlder = found != null && found.gpuMilliAway() == null;
        PoolView comparable = expected == null || !isOlder ? expected : expected.withGpuMilliAway(null);
        json.compare(stored.pools(), pool.value(), comparable, PoolView.class);
    }

    /**
     * Compares a node. An older program did not count driver errors; the stored count then contains only later errors,
     * until the node restarts.
     */
    private void compareNode(NodeId id, NodeRecord expected) {
        Stored record = stored.nodes().get(id.value());
        NodeRecord found = record == null ? null : json.read(id.value(), record, NodeRecord.class);
        NodeRecord comparable = found == null ? expected : expected.countedAsIn(found);
        json.compare(stored.nodes(), id.value(), comparable, NodeRecord.class);
    }

    /** Compares a task. An older program stored fewer counts. */
    private void compareTask(TaskId id, TaskView expected) {
        TaskView found = storedTasks.get(id.value());
        TaskView comparable = found != null && found.heldMs() == null ? expected.asStoredBefore(found) : expected;
        json.compare(stored.tasks(), id.value(), comparable, TaskView.class);
    }

    private void compareUsers(PoolId pool, InMemoryViewStore expected) {
        expected.users().forEach(this::compareUser);
        stored.users().keySet().stream()
                .filter(key -> UserCursor.parse(key).pool().equals(pool)
                        && !expected.users().containsKey(key))
                .forEach(key -> json.compare(stored.users(), key, null, UserView.class));
    }

    /** Compares a user. An older program did not store which fact changed the totals last. */
    private void compareUser(String key, UserView expected) {
        Stored record = stored.users().get(key);
        UserView found = record == null ? null : json.read(key, record, UserView.class);
        boolean isOlder = found != null && found.sequence() == 0;
        json.compare(stored.users(), key, isOlder ? expected.withoutSequence() : expected, UserView.class);
    }

    private void compareHolds(InMemoryViewStore expected) {
        SortedMap<String, RunningTask> holds = new TreeMap<>();
        expected.holds()
                .forEach((nodeId, ofNode) ->
                        ofNode.forEach((attempt, hold) -> holds.put(StoreKeys.holdKey(nodeId, attempt), hold)));
        holds.forEach((key, hold) -> json.compare(stored.holds(), key, hold, RunningTask.class));
        stored.holds().forEach((key, record) -> {
            RunningTask hold = json.read(key, record, RunningTask.class);
            boolean isOfPool = hold != null && expected.node(hold.allocation().nodeId()) != null;
            if (isOfPool && !holds.containsKey(key)) {
                json.compare(stored.holds(), key, null, RunningTask.class);
            }
        });
    }

    private void compareIndex() {
        for (TaskView task : storedTasks.values()) {
            if (task.sequence() == 0) {
                index.add(TaskIndex.key(null, task.cursor()));
                index.add(TaskIndex.key(TaskState.QUEUED, task.cursor()));
            }
        }
        for (String key : index) {
            if (!stored.index().containsKey(key)) {
                violations.add(name(), StoredJson.nowhere(stored.index()), "The index lacks " + key);
            }
        }
        stored.index().forEach((key, record) -> {
            if (!index.contains(key)) {
                violations.add(
                        name(), record.place(), "The index has %s, but the log does not have this task".formatted(key));
            }
        });
    }
}
