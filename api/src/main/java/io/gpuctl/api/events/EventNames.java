package io.gpuctl.api.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.gpuctl.events.ClusterEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The types of events as they stand in JSON: {@code task_placed}. */
public final class EventNames {

    private static final Map<Class<?>, String> NAMES = Arrays.stream(
                    ClusterEvent.class.getAnnotation(JsonSubTypes.class).value())
            .collect(Collectors.toUnmodifiableMap(JsonSubTypes.Type::value, JsonSubTypes.Type::name));

    private EventNames() {}

    /** All of them, sorted. */
    public static List<String> all() {
        return NAMES.values().stream().sorted().toList();
    }

    static String of(ClusterEvent event) {
        return Objects.requireNonNull(NAMES.get(event.getClass()), "Every event has a name in JSON");
    }
}
