package io.gpuctl.cli.frozen;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.kafka.EventJson;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes a value of any stored type in which no field has its default. Values that the rules of events restrict come
 * from the golden files.
 */
final class SampleValues {
    private final Map<Class<?>, Object> given = new HashMap<>();
    private long number = 7;

    SampleValues(Path golden) throws IOException {
        JsonNode placed = event(golden, "task_placed");
        given.put(Allocation.class, value(placed.at("/allocations/0"), Allocation.class));
        given.put(AttemptId.class, new AttemptId(new TaskId("task_001"), 2));
        given.put(TaskId.class, new TaskId("task_001"));
        given.put(NodeId.class, new NodeId("n1"));
        given.put(PoolId.class, new PoolId("research"));
        given.put(TaskSpec.class, value(event(golden, "task_submitted").get("task"), TaskSpec.class));
        given.put(
                PendingReason.class,
                value(event(golden, "pending_reason_changed").get("reason"), PendingReason.class));
        given.put(
                PoolSettings.class,
                value(event(golden, "pool_configured.health").get("settings"), PoolSettings.class));
        given.put(Fact.class, value(tree(golden, "cluster-events.node_faulted.xid"), Fact.class));
        given.put(NodeCondition.class, value(tree(golden, "node-conditions"), NodeCondition.class));
        given.put(
                NodeInventory.class,
                value(tree(golden, "node-events.registered_with_hardware").get("inventory"), NodeInventory.class));
        given.put(ReaderVersion.class, ReaderVersion.ofThisProgram());
    }

    private static JsonNode event(Path golden, String type) throws IOException {
        return tree(golden, "cluster-events." + type).get("event");
    }

    private static JsonNode tree(Path golden, String file) throws IOException {
        return EventJson.mapper().readTree(Files.readString(golden.resolve(file + ".json")));
    }

    private static Object value(JsonNode json, Class<?> type) throws IOException {
        return EventJson.mapper().treeToValue(json, type);
    }

    Object of(Type type) {
        if (type instanceof ParameterizedType generic) {
            return ofGeneric((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
        }
        Class<?> raw = (Class<?>) type;
        Object known = given.get(raw);
        if (known != null) {
            return known;
        }
        if (raw == int.class || raw == Integer.class) {
            return Math.toIntExact(number++);
        }
        if (raw == long.class || raw == Long.class) {
            return number++;
        }
        if (raw == double.class || raw == Double.class) {
            return number++ + 0.5;
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return true;
        }
        if (raw == String.class) {
            return "text " + number++;
        }
        if (raw.isEnum()) {
            return raw.getEnumConstants()[raw.getEnumConstants().length - 1];
        }
        if (raw.isRecord()) {
            return ofRecord(raw);
        }
        throw new AssertionError("No sample is known of " + raw);
    }

    private Object ofGeneric(Class<?> raw, Type[] arguments) {
        Object first = of(arguments[0]);
        if (Map.class.isAssignableFrom(raw)) {
            return new TreeMap<>(Map.of(first, of(arguments[1])));
        }
        return Set.class.isAssignableFrom(raw) ? new TreeSet<>(List.of(first)) : List.of(first);
    }

    private Object ofRecord(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = Arrays.stream(components)
                .map(component -> of(component.getGenericType()))
                .toArray();
        try {
            var constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("No sample can be made of " + type + " with " + Arrays.toString(values), e);
        }
    }
}
