package io.gpuctl.orchestrator.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a stored {@link PoolState}, whose values are JSON. The parts of a gang and the holds of a node have
 * separate entries, so each entry stays small, and a change of one member writes only that member.
 *
 * <p>Older programs stored pools, nodes and tasks whole; {@link #assembled} converts both forms to the whole form.
 */
public final class StateEntries {
    /** The kind of an entry. */
    public enum Kind {
        /** {@code POOL/pool}: the header without settings. */
        HEADER("pool", PoolHeader.class),
        /** {@code POOL/settings}: the header's settings. */
        SETTINGS("settings", PoolSettings.class),
        /** {@code POOL/node/NODE}: a node without its holds. */
        NODE("node", NodeSnapshot.class),
        /** {@code POOL/hold/NODE/ATTEMPT}: the allocation that an attempt holds on the node. */
        HOLD("hold", NodeSnapshot.Hold.class),
        /** {@code POOL/task/TASK}: a task; for a gang, without its parts. */
        TASK("task", TaskRecord.class),
        /** {@code POOL/part/TASK/INDEX}: a part of a gang, in the order of the allocations. */
        PART("part", StoredPart.class),
        /** {@code POOL/finished/TASK}: a finished task. */
        FINISHED("finished", FinishedTask.class);

        private static final Kind[] ALL = values();

        private final String word;
        private final Class<?> type;

        Kind(String word, Class<?> type) {
            this.word = word;
            this.type = type;
        }

        /** Returns the word that follows the pool in the key. */
        public String word() {
            return word;
        }

        /** Returns the type of the value. */
        public Class<?> type() {
            return type;
        }

        /** Returns the prefix of the keys of this kind. Only for kinds of which a pool may have several entries. */
        public String prefix(PoolId pool) {
            return pool + "/" + word + "/";
        }

        private boolean isOnePerPool() {
            return this == HEADER || this == SETTINGS;
        }
    }

    private StateEntries() {}

    public static String header(PoolId pool) {
        return pool + "/" + Kind.HEADER.word;
    }

    public static String settings(PoolId pool) {
        return pool + "/" + Kind.SETTINGS.word;
    }

    public static String node(PoolId pool, NodeId nodeId) {
        return key(pool, Kind.NODE, nodeId);
    }

    /** Returns the key of a hold; the keys sort in the order of attempts. */
    public static String hold(PoolId pool, NodeId nodeId, AttemptId attempt) {
        return "%s/%s/%s/%s#%010d".formatted(pool, Kind.HOLD.word, nodeId, attempt.taskId(), attempt.number());
    }

    public static String task(PoolId pool, TaskId taskId) {
        return key(pool, Kind.TASK, taskId);
    }

    public static String part(PoolId pool, TaskId taskId, int index) {
        return "%s/%s/%s/%04d".formatted(pool, Kind.PART.word, taskId, index);
    }

    public static String finished(PoolId pool, TaskId taskId) {
        return key(pool, Kind.FINISHED, taskId);
    }

    private static String key(PoolId pool, Kind kind, Object id) {
        return pool + "/" + kind.word + "/" + id;
    }

    /** Returns the pool of the key. */
    public static String poolOf(String key) {
        return key.split("/", 2)[0];
    }

    /** Returns the kind of the entry; null if it is not part of a pool's state. */
    public static @Nullable Kind kindOf(String key) {
        String[] parts = key.split("/", 3);
        for (Kind kind : Kind.ALL) {
            if (parts.length == (kind.isOnePerPool() ? 2 : 3) && parts[1].equals(kind.word)) {
                return kind;
            }
        }
        return null;
    }

    /** Returns the key of the entry that this entry is a part of; null if there is none. */
    public static @Nullable String ownerOf(String key) {
        return switch (kindOf(key)) {
            case SETTINGS -> ownerOf(key, Kind.HEADER);
            case HOLD -> ownerOf(key, Kind.NODE);
            case PART -> ownerOf(key, Kind.TASK);
            case HEADER, NODE, TASK, FINISHED -> null;
            case null -> null;
        };
    }

    private static @Nullable String ownerOf(String key, Kind owner) {
        String[] parts = key.split("/", 4);
        if (owner.isOnePerPool()) {
            return parts[0] + "/" + owner.word;
        }
        return parts.length == 4 ? parts[0] + "/" + owner.word + "/" + parts[2] : null;
    }

    /**
     * Returns the entries with each part merged into the entry that it belongs to. A part that cannot be read, or has
     * no owner, is left as it is.
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
                // Left as it is: a reader of the entries reports it.
            }
        }
        owners.forEach((key, owner) -> assembled.put(key, written(owner, json)));
        return assembled;
    }

    private static JsonNode tree(byte[] value, ObjectMapper json) throws JsonProcessingException {
        return json.readTree(new String(value, StandardCharsets.UTF_8));
    }

    private static void add(JsonNode part, ObjectNode owner, String key) {
        switch (kindOf(key)) {
            case SETTINGS -> owner.set("settings", part);
            case HOLD -> owner.withArray("unreleased").add(part);
            case PART -> {
                owner.withArray("allocations").add(part.path("allocation"));
                owner.withArray("members").add(part.path("member"));
            }
            case HEADER, NODE, TASK, FINISHED -> throw noPart(key);
            case null -> throw noPart(key);
        }
    }

    private static IllegalStateException noPart(String key) {
        return new IllegalStateException("The stored entry %s is not part of another entry".formatted(key));
    }

    private static byte[] written(ObjectNode owner, ObjectMapper json) {
        try {
            return json.writeValueAsBytes(owner);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of JSON cannot be written", e);
        }
    }
}
