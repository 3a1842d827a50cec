package io.gpuctl.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptMapTest {
    private final AttemptMap<Integer> map = new AttemptMap<>();
    private final TreeMap<AttemptId, Integer> tree = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(ints = {3, 40})
    void doesWhatATreeDoes(int tasks) {
        var random = new Random(tasks);
        for (int step = 0; step < 2_000; step++) {
            AttemptId id = attempt(random.nextInt(tasks), 1 + random.nextInt(2));
            switch (random.nextInt(4)) {
                case 0 -> assertThat(map.put(id, step)).isEqualTo(tree.put(id, step));
                case 1 -> assertThat(map.putIfAbsent(id, step)).isEqualTo(tree.putIfAbsent(id, step));
                default -> assertThat(map.remove(id)).isEqualTo(tree.remove(id));
            }
            requireAlike(id);
        }

        map.clear();

        assertThat(map).isEmpty();
        assertThat(map.keySet()).isEmpty();
    }

    private void requireAlike(AttemptId id) {
        assertThat(map.get(id)).isEqualTo(tree.get(id));
        assertThat(map.containsKey(id)).isEqualTo(tree.containsKey(id));
        assertThat(List.copyOf(map.keySet())).isEqualTo(List.copyOf(tree.keySet()));
        assertThat(List.copyOf(map.values())).isEqualTo(List.copyOf(tree.values()));
        List<AttemptId> seen = new ArrayList<>();
        map.forEach((attempt, value) -> seen.add(attempt));
        assertThat(seen).isEqualTo(List.copyOf(tree.keySet()));
        assertThat(map).isEqualTo(tree).hasSameHashCodeAs(tree);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9})
    void valuesAreInTheOrderOfIds(int size) {
        for (int task = size - 1; task >= 0; task--) {
            map.put(attempt(task, 1), task);
        }

        for (int index = 0; index < size; index++) {
            assertThat(map.valueAt(index)).isEqualTo(index);
        }
        assertThatThrownBy(() -> map.valueAt(size))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("There are %d entries, but no entry %d", size, size);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void entriesCanBeRemovedOnTheWay(int tasks) {
        for (int task = 0; task < tasks; task++) {
            map.put(attempt(task, 1), task);
        }

        map.values().removeIf(task -> task % 2 == 0);

        assertThat(map.values()).hasSize(tasks / 2).allMatch(task -> task % 2 == 1);
    }

    private static AttemptId attempt(int task, int number) {
        return new AttemptId(new TaskId("task-%02d".formatted(task)), number);
    }
}
