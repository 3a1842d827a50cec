package io.gpuctl.cli.frozen;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.orchestrator.core.StateEntries;
import io.gpuctl.telemetry.conditions.TelemetryWindow;
import io.gpuctl.telemetry.runtime.ViewStores;
import io.gpuctl.telemetry.views.NodeRecord;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.RunningTask;
import io.gpuctl.telemetry.views.TaskView;
import io.gpuctl.telemetry.views.UserView;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The types of the values that orchestrators and views store in changelogs as JSON. */
final class StoredKinds {
    private static final String STATE = "orchestrator-state/";
    private static final String VIEWS = "views/";

    /** The types by the kind of an entry in the orchestrator's store, or by the name of a store of the views. */
    static final Map<String, Class<?>> TYPES = new TreeMap<>(Map.ofEntries(
            Map.entry(STATE + "token/placed-without", placedWithout()),
            Map.entry(VIEWS + ViewStores.TASKS, TaskView.class),
            Map.entry(VIEWS + ViewStores.TASK_HISTORY, Fact.class),
            Map.entry(VIEWS + ViewStores.NODE_HISTORY, Fact.class),
            Map.entry(VIEWS + ViewStores.NODES, NodeRecord.class),
            Map.entry(VIEWS + ViewStores.HOLDS, RunningTask.class),
            Map.entry(VIEWS + ViewStores.POOLS, PoolView.class),
            Map.entry(VIEWS + ViewStores.USERS, UserView.class),
            Map.entry(VIEWS + ViewStores.WINDOWS, TelemetryWindow.class),
            Map.entry(VIEWS + ViewStores.CONDITIONS, NodeCondition.class)));

    static {
        for (StateEntries.Kind kind : StateEntries.Kind.values()) {
            TYPES.put(STATE + kind.word(), kind.type());
        }
    }

    /** Stores of the views whose values are not JSON, or that have no changelog. */
    static final Set<String> OTHER_STORES = Set.of(
            ViewStores.TASK_INDEX,
            ViewStores.ACTIVE_TASK_INDEX,
            ViewStores.POSITIONS,
            ViewStores.CLAIMS,
            ViewStores.TELEMETRY,
            ViewStores.SUMMARY);

    private StoredKinds() {}

    static boolean isStoreOfViews(String name) {
        return TYPES.containsKey(VIEWS + name);
    }

    private static Class<?> placedWithout() {
        try {
            return Class.forName("io.gpuctl.orchestrator.runtime.AttemptTokens$Placed");
        } catch (ClassNotFoundException e) {
            throw new LinkageError("The type of what was placed without a token has another name", e);
        }
    }
}
