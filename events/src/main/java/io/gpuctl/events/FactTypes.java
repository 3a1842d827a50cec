package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names of the types of facts in the log, for example {@code task_placed}. */
public final class FactTypes {
    /** The names, in the order in which {@link ClusterEvent} lists the types. */
    public static final List<String> NAMES;

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

    /** Returns the name of a type, for example {@code task_placed}. */
    public static String name(Class<? extends ClusterEvent> type) {
        return NAMES.get(number(type));
    }

    /**
     * Returns the index of the type's name in {@link #NAMES}, for callers that count facts.
     *
     * @throws IllegalStateException if {@link ClusterEvent} does not list the type
     */
    public static int number(Class<? extends ClusterEvent> type) {
        Integer number = NUMBERS.get(type);
        if (number == null) {
            throw new IllegalStateException("ClusterEvent declares no name for its type " + type);
        }
        return number;
    }

    /** Returns the types of a group such as {@link ClusterEvent.OfTask}, in the order of the list. */
    public static List<Class<?>> of(Class<? extends ClusterEvent> group) {
        List<Class<?>> types = new ArrayList<>();
        for (JsonSubTypes.Type type :
                ClusterEvent.class.getAnnotation(JsonSubTypes.class).value()) {
            if (group.isAssignableFrom(type.value())) {
                types.add(type.value());
            }
        }
        return types;
    }
}
