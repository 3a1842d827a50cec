package io.gpuctl.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records whose {@code equals} is written out: it must compare every component. */
class WrittenOutEqualsTest {
    static Stream<Record> records() {
        return Stream.of(GpuRequest.whole(1, 1_000), new Shape(GpuRequest.whole(1, 1_000), 1, 2, 3, List.of("A100")));
    }

    @ParameterizedTest
    @MethodSource("records")
    void comparesEveryComponent(Record record) throws ReflectiveOperationException {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Constructor<?> constructor = record.getClass()
                .getDeclaredConstructor(
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = components[i].getAccessor().invoke(record);
        }

        assertThat(constructor.newInstance(values)).isEqualTo(record).hasSameHashCodeAs(record);
        for (int i = 0; i < values.length; i++) {
            Object[] changed = values.clone();
            changed[i] = other(values[i]);
            assertThat(constructor.newInstance(changed))
                    .as(components[i].getName())
                    .isNotEqualTo(record);
        }
    }

    private static Object other(Object value) {
        return switch (value) {
            case Integer number -> number == 1 ? (Object) 2 : (Object) (number - 1);
            case Long number -> number + 1;
            case GpuRequest _ -> new GpuRequest(2, GpuRequest.WHOLE, 0);
            case List<?> _ -> List.of("H100");
            default -> throw new IllegalArgumentException("A new type of component: " + value);
        };
    }
}
