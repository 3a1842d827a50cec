package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.kafka.Changelogs;
import io.gpuctl.telemetry.conditions.TelemetrySummary;
import io.gpuctl.telemetry.conditions.TelemetryWindow;
import io.gpuctl.telemetry.views.NodeRecord;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.RunningTask;
import io.gpuctl.telemetry.views.StoreKeys;
import io.gpuctl.telemetry.views.TaskView;
import io.gpuctl.telemetry.views.UserView;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * All stores, with their names, contents and places. Keys are text. Stores that grow with the number of tasks or users
 * are on disk (RocksDB); those that grow with the number of nodes or active tasks are in memory.
 *
 * <p>A cache before a store that is often written at the same key combines many writes into one changelog record per
 * commit. Listings of tasks are not cached: a range over a cache copies its keys.
 */
public final class ViewStores {
    /** {@link TaskView} by task id. */
    public static final String TASKS = "tasks-by-id";

    /** Keys of {@link io.gpuctl.telemetry.views.TaskIndex}, without values. */
    public static final String TASK_INDEX = "task-index";

    /**
     * The part of the index for states that are not final: in memory, because a range on disk is slow where many keys
     * were deleted.
     */
    public static final String ACTIVE_TASK_INDEX = "active-task-index";

    /** {@link Fact} by task id and sequence, see {@link StoreKeys#historyKey}. */
    public static final String TASK_HISTORY = "task-history";

    /**
     * {@link Fact} by node id and number, see {@link StoreKeys#nodeHistoryKey}. Added in a later version: in an older
     * cluster, a node's history begins with the first fact that the newer program folds.
     */
    public static final String NODE_HISTORY = "node-history";

    /** {@link NodeRecord} by node id. */
    public static final String NODES = "nodes-by-id";

    /** {@link RunningTask} by node id and attempt, see {@link StoreKeys#holdKey}. */
    public static final String HOLDS = "holds-by-node";

    /** {@link PoolView} by pool id. */
    public static final String POOLS = "pools";

    /** {@link UserView} by {@link io.gpuctl.telemetry.views.UserCursor#key}. */
    public static final String USERS = "users";

    /** Offsets of task-commands by {@link StoreKeys#positionKey}. */
    public static final String POSITIONS = "view-positions";

    /** The pool that may use a task id by {@link StoreKeys#claimantKey}, and the claims in order by claimKey. */
    public static final String CLAIMS = "task-id-claims";

    /** {@link NodeTelemetry} by node id, without changelog, since the next sample comes soon. */
    public static final String TELEMETRY = "telemetry-by-node";

    /** {@link TelemetryWindow} by node id and start, see {@link StoreKeys#windowKey}. */
    public static final String WINDOWS = "telemetry-windows";

    /** The last emitted {@link NodeCondition}, by node id. */
    public static final String CONDITIONS = "conditions-by-node";

    /** {@link TelemetrySummary} of this partition's nodes at {@link #SUMMARY_KEY}, without changelog. */
    public static final String SUMMARY = "telemetry-summary";

    static final String SUMMARY_KEY = "summary";

    private ViewStores() {}

    /** Returns the topic with all changes of a store, by the same keys. */
    public static String changelog(String store) {
        return Changelogs.name(ViewsApp.APPLICATION_ID, store);
    }

    static StoreBuilder<KeyValueStore<String, TaskView>> tasks() {
        return onDisk(TASKS, ViewSerde.of(TaskView.class)).withCachingEnabled();
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> taskIndex() {
        return onDisk(TASK_INDEX, Serdes.ByteArray());
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> activeTaskIndex() {
        return inMemory(ACTIVE_TASK_INDEX, Serdes.ByteArray());
    }

    static StoreBuilder<KeyValueStore<String, Fact>> taskHistory() {
        return onDisk(TASK_HISTORY, ViewSerde.of(Fact.class));
    }

    static StoreBuilder<KeyValueStore<String, Fact>> nodeHistory() {
        // Holds at most a hundred facts of each node.
        return onDisk(NODE_HISTORY, ViewSerde.of(Fact.class));
    }

    static StoreBuilder<KeyValueStore<String, NodeRecord>> nodes() {
        return inMemory(NODES, ViewSerde.of(NodeRecord.class)).withCachingEnabled();
    }

    static StoreBuilder<KeyValueStore<String, RunningTask>> holds() {
        return inMemory(HOLDS, ViewSerde.of(RunningTask.class));
    }

    static StoreBuilder<KeyValueStore<String, PoolView>> pools() {
        return inMemory(POOLS, ViewSerde.of(PoolView.class)).withCachingEnabled();
    }

    static StoreBuilder<KeyValueStore<String, UserView>> users() {
        // Holds as many entries as there ever were users.
        return onDisk(USERS, ViewSerde.of(UserView.class)).withCachingEnabled();
    }

    static StoreBuilder<KeyValueStore<String, Long>> positions() {
        return inMemory(POSITIONS, Serdes.Long()).withCachingEnabled();
    }

    static StoreBuilder<KeyValueStore<String, String>> claims() {
        return onDisk(CLAIMS, Serdes.String()).withCachingEnabled();
    }

    static StoreBuilder<KeyValueStore<String, NodeTelemetry>> telemetry() {
        return inMemory(TELEMETRY, ViewSerde.of(NodeTelemetry.class)).withLoggingDisabled();
    }

    static StoreBuilder<KeyValueStore<String, TelemetryWindow>> windows() {
        // Holds 360 windows of each node, which would be most of the memory and of what a start restores.
        return onDisk(WINDOWS, ViewSerde.of(TelemetryWindow.class)).withCachingEnabled();
    }

    static StoreBuilder<KeyValueStore<String, NodeCondition>> conditions() {
        return inMemory(CONDITIONS, ViewSerde.of(NodeCondition.class));
    }

    static StoreBuilder<KeyValueStore<String, TelemetrySummary>> summary() {
        return inMemory(SUMMARY, ViewSerde.of(TelemetrySummary.class)).withLoggingDisabled();
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> onDisk(String name, Serde<V> values) {
        return logged(Stores.persistentKeyValueStore(name), values);
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> inMemory(String name, Serde<V> values) {
        return logged(Stores.inMemoryKeyValueStore(name), values);
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> logged(
            KeyValueBytesStoreSupplier supplier, Serde<V> values) {
        return Stores.keyValueStoreBuilder(supplier, Serdes.String(), values).withLoggingEnabled(Changelogs.CONFIGS);
    }
}
