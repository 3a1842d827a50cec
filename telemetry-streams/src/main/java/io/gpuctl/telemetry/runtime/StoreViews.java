package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.telemetry.conditions.TelemetrySummary;
import io.gpuctl.telemetry.conditions.TelemetryWindow;
import io.gpuctl.telemetry.views.NodeHistory;
import io.gpuctl.telemetry.views.NodePower;
import io.gpuctl.telemetry.views.NodeRecord;
import io.gpuctl.telemetry.views.NodeView;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.RunningTask;
import io.gpuctl.telemetry.views.StoreKeys;
import io.gpuctl.telemetry.views.TaskCursor;
import io.gpuctl.telemetry.views.TaskView;
import io.gpuctl.telemetry.views.UserCursor;
import io.gpuctl.telemetry.views.UserView;
import io.gpuctl.telemetry.views.ViewStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Answers queries from the stores of this instance. */
final class StoreViews implements Views {
    private final LocalStores stores;
    private final CommandsSeen commandsSeen;
    private final Supplier<Optional<String>> failure;

    /** @param failure why the app has stopped, if it has */
    StoreViews(LocalStores stores, CommandsSeen commandsSeen, Supplier<Optional<String>> failure) {
        this.stores = stores;
        this.commandsSeen = commandsSeen;
        this.failure = failure;
    }

    @Override
    public Optional<TaskView> task(TaskId taskId) {
        return stores.read(local -> first(local.ofPools(ViewStores.TASKS), taskId.value()));
    }

    @Override
    public List<TaskView> tasks(@Nullable TaskState state, @Nullable TaskCursor after, int limit, Order order) {
        checkLimit(limit);
        return stores.read(local -> new TaskPage(state, after, order).read(local, limit));
    }

    @Override
    public TaskIdClaim claim(TaskId taskId) {
        int partition = PoolPartitioner.partition(PoolId.DEFAULT);
        return stores.read(local -> {
            Ownership ownership = local.ownership();
            if (!ownership.self().equals(ownership.poolPartitions().get(partition))) {
                throw new ViewsNotReadyException(
                        "Partition %d of the views is not on this instance".formatted(partition));
            }
            Optional<String> claimant = first(local.ofPools(ViewStores.CLAIMS), StoreKeys.claimantKey(taskId));
            Optional<Long> last = first(
                    local.ofPools(ViewStores.POSITIONS),
                    StoreKeys.positionKey(ViewStore.Position.IDS_CLAIMED, partition));
            return new TaskIdClaim(
                    claimant.map(PoolId::new).orElse(null),
                    last.map(number -> number + 1).orElse(0L));
        });
    }

    @Override
    public List<Fact> history(TaskId taskId, long after, int limit) {
        checkLimit(limit);
        String from = StoreKeys.historyKey(taskId, after + 1);
        String to = StoreKeys.historyPrefix(taskId) + StoreKeys.LAST;
        return stores.read(local -> {
            for (ReadOnlyKeyValueStore<String, Fact> store : local.<Fact>ofPools(ViewStores.TASK_HISTORY)) {
                try (KeyValueIterator<String, Fact> entries = store.range(from, to)) {
                    List<Fact> page = PageEnd.cut(values(entries), limit, PageEnd::allocationCount);
                    if (!page.isEmpty()) {
                        return page;
                    }
                }
            }
            return List.of();
        });
    }

    private static <V> Iterator<V> values(KeyValueIterator<String, V> entries) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public V next() {
                return entries.next().value;
            }
        };
    }

    @Override
    public Optional<NodeView> node(NodeId nodeId) {
        return stores.read(local -> first(local.<NodeRecord>ofPools(ViewStores.NODES), nodeId.value())
                .map(node -> withHolds(node, local)));
    }

    @Override
    public NodeHistory nodeHistory(PoolId pool, NodeId nodeId) {
        String prefix = StoreKeys.nodeHistoryPrefix(nodeId);
        return stores.read(local -> {
            for (ReadOnlyKeyValueStore<String, Fact> store : local.<Fact>ofPools(ViewStores.NODE_HISTORY)) {
                try (KeyValueIterator<String, Fact> entries = store.range(prefix, prefix + StoreKeys.LAST)) {
                    NodeHistory history = entries.hasNext() ? history(nodeId, entries) : NodeHistory.EMPTY;
                    // A store may still have the node's history in an earlier pool.
                    if (history.isOf(pool)) {
                        return history;
                    }
                }
            }
            return NodeHistory.EMPTY;
        });
    }

    private static NodeHistory history(NodeId nodeId, KeyValueIterator<String, Fact> entries) {
        long omitted = StoreKeys.nodeHistoryNumber(nodeId, entries.peekNextKey());
        List<Fact> facts = new ArrayList<>();
        entries.forEachRemaining(entry -> facts.add(entry.value));
        return new NodeHistory(omitted, facts);
    }

    @Override
    public List<NodeView> nodes(@Nullable NodeId after, int limit) {
        checkLimit(limit);
        // The next possible key after an id is the id followed by the lowest character.
        String from = after == null ? "" : after.value() + "\0";
        return stores.read(local -> {
            List<NodeRecord> nodes = range(local.ofPools(ViewStores.NODES), from, StoreKeys.LAST, limit);
            nodes.sort(Comparator.comparing(node -> node.inventory().nodeId()));
            Iterator<NodeView> views =
                    nodes.stream().map(node -> withHolds(node, local)).iterator();
            return PageEnd.cut(views, limit, NodeView::attemptCount);
        });
    }

    private static NodeView withHolds(NodeRecord node, LocalStores local) {
        String prefix = StoreKeys.holdPrefix(node.inventory().nodeId());
        return node.with(range(
                local.<RunningTask>ofPools(ViewStores.HOLDS), prefix, prefix + StoreKeys.LAST, Integer.MAX_VALUE));
    }

    @Override
    public List<PoolView> pools() {
        List<PoolView> pools = stores.read(
                local -> range(local.<PoolView>ofPools(ViewStores.POOLS), "", StoreKeys.LAST, Integer.MAX_VALUE));
        pools.sort(Comparator.comparing(PoolView::pool));
        return pools;
    }

    @Override
    public List<UserView> users(@Nullable UserCursor after, int limit) {
        checkLimit(limit);
        String from = after == null ? "" : after.key() + "\0";
        return stores.read(
                local -> range(local.<UserView>ofPools(ViewStores.USERS), from, StoreKeys.LAST, limit).stream()
                        .sorted(Comparator.comparing(UserView::cursor, UserCursor.BY_POOL))
                        .limit(limit)
                        .toList());
    }

    @Override
    public Optional<NodeTelemetry> telemetry(NodeId nodeId) {
        return stores.read(local -> first(local.ofTelemetry(ViewStores.TELEMETRY), nodeId.value()));
    }

    @Override
    public List<NodePower> power() {
        return stores.read(local -> {
            List<NodePower> power = new ArrayList<>();
            for (ReadOnlyKeyValueStore<String, NodeTelemetry> store :
                    local.<NodeTelemetry>ofTelemetry(ViewStores.TELEMETRY)) {
                try (KeyValueIterator<String, NodeTelemetry> entries = store.all()) {
                    values(entries).forEachRemaining(sample -> power.add(NodePower.of(sample)));
                }
            }
            return power;
        });
    }

    @Override
    public List<TelemetryWindow> windows(NodeId nodeId, long fromMs, long toMs) {
        if (toMs <= fromMs) {
            return List.of();
        }
        return stores.read(local -> range(
                local.<TelemetryWindow>ofTelemetry(ViewStores.WINDOWS),
                StoreKeys.windowKey(nodeId, fromMs),
                StoreKeys.windowKey(nodeId, toMs - 1),
                Integer.MAX_VALUE));
    }

    @Override
    public TelemetrySummary telemetrySummary() {
        return stores.read(local -> {
            TelemetrySummary sum = TelemetrySummary.EMPTY;
            for (ReadOnlyKeyValueStore<String, TelemetrySummary> store :
                    local.<TelemetrySummary>ofTelemetry(ViewStores.SUMMARY)) {
                TelemetrySummary part = store.get(ViewStores.SUMMARY_KEY);
                sum = part == null ? sum : sum.plus(part);
            }
            return sum;
        });
    }

    @Override
    public CompletionStage<@Nullable Void> whenCommandSeen(int partition, long offset) {
        return commandsSeen.whenSeen(partition, offset);
    }

    @Override
    public Ownership ownership() {
        return stores.read(LocalStores::ownership);
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        failure.get().ifPresent(problems::add);
        if (!problems.isEmpty()) {
            return problems;
        }
        for (PoolView pool : pools()) {
            if (pool.factsMissing() > 0) {
                problems.add("Pool %s: %d facts were not applied because the log lacks some of them"
                        .formatted(pool.pool(), pool.factsMissing()));
            }
            if (pool.factsUnmatched() > 0) {
                problems.add("Pool %s: %d facts did not fit the views".formatted(pool.pool(), pool.factsUnmatched()));
            }
        }
        return problems;
    }

    private static <V> Optional<V> first(List<ReadOnlyKeyValueStore<String, V>> stores, String key) {
        for (ReadOnlyKeyValueStore<String, V> store : stores) {
            V value = store.get(key);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** Returns at most {@code limitEach} values of each store, by store and key. */
    private static <V> List<V> range(
            List<ReadOnlyKeyValueStore<String, V>> stores, String from, String to, int limitEach) {
        List<V> values = new ArrayList<>();
        for (ReadOnlyKeyValueStore<String, V> store : stores) {
            try (KeyValueIterator<String, V> entries = store.range(from, to)) {
                for (int i = 0; i < limitEach && entries.hasNext(); i++) {
                    values.add(entries.next().value);
                }
            }
        }
        return values;
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit must be from 1 to " + LIMIT_MAX + ", not " + limit);
        }
    }
}
