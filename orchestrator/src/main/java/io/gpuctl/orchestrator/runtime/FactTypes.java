package io.gpuctl.orchestrator.runtime;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.gpuctl.events.ClusterEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The types of facts, numbered. */
final class FactTypes {
    /** As they stand in the log. */
    static final List<String> NAMES;

    private static final Map<Class<?>, Integer> NUMBERS = new HashMap<>();

    static {
        List<String> names = new ArrayList<>();
        for (JsonSubTypes.Type type :
                ClusterEvent.class.getAnnotation(JsonSubTypes.class).value()) {
            NUMBERS.put(type.value(), names.size());
            names.add(type.name());
        }
        NAMES = List.copyOf(names);
    }

    private FactTypes() {}

    static int number(Class<? extends ClusterEvent> type) {
        Integer number = NUMBERS.get(type);
        if (number == null) {
            throw new IllegalStateException("ClusterEvent does not name its type " + type);
        }
        return number;
    }
}
