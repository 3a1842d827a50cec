package io.gpuctl.cli.client;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.TaskSpec;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The components of a task's record and of the records in it, found by reflection, each by its place in JSON. */
final class TaskComponents {

    /**
     * A task in which one component has another value.
     *
     * @param place of the component: {@code work.duration_ms}
     */
    record Changed(String place, TaskSpec task) {
        @Override
        public String toString() {
            return place;
        }
    }

    private TaskComponents() {}

    /** Returns a task for each component that differs from {@code base} only in this component. */
    static List<Changed> changes(TaskSpec base) {
        return changes("", base)
                .map(change -> new Changed(change.place, (TaskSpec) change.record))
                .toList();
    }

    private record Change(String place, Record record) {}

    private static Stream<Change> changes(String parent, Record base) {
        return Arrays.stream(base.getClass().getRecordComponents())
                .flatMap(component -> changes(parent, base, component));
    }

    private static Stream<Change> changes(String parent, Record base, RecordComponent component) {
        String place = parent + SnakeCaseStrategy.INSTANCE.translate(component.getName());
        Object value = value(base, component);
        if (value instanceof Record inner && !isIdentifier(inner)) {
            return changes(place + ".", inner)
                    .map(change -> new Change(change.place, with(base, component, change.record)));
        }
        return Stream.of(new Change(place, changed(place, base, component, value)));
    }

    private static boolean isIdentifier(Record value) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        return components.length == 1 && components[0].getAccessor().isAnnotationPresent(JsonValue.class);
    }

    private static Record changed(String place, Record base, RecordComponent component, Object value) {
        for (Object other : others(place, value)) {
            try {
                return with(base, component, other);
            } catch (InvalidFieldException _) {
                // The next value may be allowed.
            }
        }
        throw new AssertionError("%s: no other value than %s is allowed beside the rest".formatted(place, value));
    }

    private static List<Object> others(String place, Object value) {
        return switch (value) {
            case Integer number -> List.of(number + 1, number - 1);
            case Long number -> List.of(number + 1, number - 1);
            case Double number -> List.of(number / 2);
            case Boolean flag -> List.of(!flag);
            case String text -> List.of(text + "-2");
            case List<?> list -> List.of(list.isEmpty() ? List.of("T4", "V100") : List.of());
            case Enum<?> constant ->
                Arrays.stream(constant.getDeclaringClass().getEnumConstants())
                        .<Object>map(other -> other)
                        .filter(other -> other != constant)
                        .toList();
            case Record identifier ->
                List.of(with(identifier, identifier.getClass().getRecordComponents()[0], identifier + "-2"));
            default -> throw new AssertionError(place + " has a type of which this test knows no other value");
        };
    }

    private static Object value(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(component.toString(), e);
        }
    }

    private static Record with(Record record, RecordComponent changed, Object value) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = Arrays.stream(components)
                .map(component -> component.getName().equals(changed.getName()) ? value : value(record, component))
                .toArray();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<? extends Record> constructor = record.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InvalidFieldException invalid) {
                throw invalid;
            }
            throw new LinkageError(changed.toString(), e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(changed.toString(), e);
        }
    }
}
