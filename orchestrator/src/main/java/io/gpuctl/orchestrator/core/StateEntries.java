package io.gpuctl.orchestrator.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a stored {@link PoolState}, whose values are JSON. What grows with a gang or with what a node holds has
 * entries of its own: so each stays small, and a change of one member writes that member.
 *
 * <table>
 * <caption>Entries</caption>
 * <tr><td>{@code pool/pool}</td><td>{@link PoolHeader} without settings</td></tr>
 * <tr><td>{@code pool/settings}</td><td>its settings</td></tr>
 * <tr><td>{@code pool/node/NODE}</td><td>{@link NodeSnapshot} without holds</td></tr>
 * <tr><td>{@code pool/hold/NODE/ATTEMPT}</td><td>{@link NodeSnapshot.Hold}</td></tr>
 * <tr><td>{@code pool/task/TASK}</td><td>{@link TaskRecord}, of a gang without its parts</td></tr>
 * <tr><td>{@code pool/part/TASK/INDEX}</td><td>{@link StoredPart}, in the order of the allocations</td></tr>
 * <tr><td>{@code pool/finished/TASK}</td><td>{@link FinishedTask}</td></tr>
 * </table>
 *
 * <p>Older programs stored pools, nodes and tasks whole; {@link #assembled} makes both alike.
 */
public final class StateEntries {
    public static final String HEADER = "pool";
    public static final String NODE = "node";
    public static final String TASK = "task";
    public static final String FINISHED = "finished";
    private static final String SETTINGS = "settings";
    private static final String HOLD = "hold";
    private static final String PART = "part";

    private StateEntries() {}

    public static String header(PoolId pool) {
        return pool + "/" + HEADER;
    }

    public static String settings(PoolId pool) {
        return pool + "/" + SETTINGS;
    }

    public static String node(PoolId pool, NodeId nodeId) {
        return pool + "/" + NODE + "/" + nodeId;
    }

    /** In the order of attempts. */
    public static String hold(PoolId pool, NodeId nodeId, AttemptId attempt) {
        return "%s/%s/%s/%s#%010d".formatted(pool, HOLD, nodeId, attempt.taskId(), attempt.number());
    }

    public static String task(PoolId pool, TaskId taskId) {
        return pool + "/" + TASK + "/" + taskId;
    }

    public static String part(PoolId pool, TaskId taskId, int index) {
        return "%s/%s/%s/%04d".formatted(pool, PART, taskId, index);
    }

    public static String finished(PoolId pool, TaskId taskId) {
        return pool + "/" + FINISHED + "/" + taskId;
    }

    /** Whether it is a pool's header. */
    public static boolean isHeader(String key) {
        int slash = key.indexOf('/');
        return slash > 0 && key.substring(slash + 1).equals(HEADER);
    }

    /** Whether it is something that a node holds. */
    public static boolean isHold(String key) {
        return key.split("/", 3)[1].equals(HOLD);
    }

    /** The key of the entry that this one is a part of; null if it is none. */
    public static @Nullable String ownerOf(String key) {
        String[] parts = key.split("/", 4);
        if (parts.length == 2 && parts[1].equals(SETTINGS)) {
            return parts[0] + "/" + HEADER;
        }
        if (parts.length == 4 && parts[1].equals(HOLD)) {
            return parts[0] + "/" + NODE + "/" + parts[2];
        }
        return parts.length == 4 && parts[1].equals(PART) ? parts[0] + "/" + TASK + "/" + parts[2] : null;
    }

    /**
     * The entries with all parts in those that they belong to. A part that cannot be read, or belongs to nothing, is left
     * as it is.
     */
    public static SortedMap<String, byte[]> assembled(SortedMap<String, byte[]> entries, ObjectMapper json) {
        SortedMap<String, byte[]> assembled = new TreeMap<>(entries);
        SortedMap<String, ObjectNode> owners = new TreeMap<>();
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            String ownerKey = ownerOf(entry.getKey());
            byte[] whole = ownerKey == null ? null : entries.get(ownerKey);
            if (ownerKey == null || whole == null) {
                continue;
            }
            try {
                if (!owners.containsKey(ownerKey) && tree(whole, json) instanceof ObjectNode owner) {
                    owners.put(ownerKey, owner);
                }
                ObjectNode owner = owners.get(ownerKey);
                if (owner != null) {
                    add(tree(entry.getValue(), json), owner, entry.getKey());
                    assembled.remove(entry.getKey());
                }
            } catch (JsonProcessingException _) {
                // It stays as it is: whoever reads the entries finds it.
            }
        }
        owners.forEach((key, owner) -> assembled.put(key, written(owner, json)));
        return assembled;
    }

    private static JsonNode tree(byte[] value, ObjectMapper json) throws JsonProcessingException {
        return json.readTree(new String(value, StandardCharsets.UTF_8));
    }

    private static void add(JsonNode part, ObjectNode owner, String key) {
        String[] parts = key.split("/", 4);
        switch (parts[1]) {
            case SETTINGS -> owner.set("settings", part);
            case HOLD -> owner.withArray("unreleased").add(part);
            default -> {
                owner.withArray("allocations").add(part.path("allocation"));
                owner.withArray("members").add(part.path("member"));
            }
        }
    }

    private static byte[] written(ObjectNode owner, ObjectMapper json) {
        try {
            return json.writeValueAsBytes(owner);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of JSON cannot be written", e);
        }
    }
}
