package io.gpuctl.cli.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapacitySearchTest {
    private static final CapacitySearch SEARCH = new CapacitySearch(400, 25, 12_800, 0.08);

    private final List<Integer> tried = new ArrayList<>();

    private int search(int capacity) {
        return SEARCH.run(rate -> tried.add(rate) && rate <= capacity, () -> true);
    }

    @ParameterizedTest
    @ValueSource(ints = {25, 60, 399, 400, 401, 1_234, 2_500, 6_399, 12_799})
    void findsTheCapacityWithinThePrecision(int capacity) {
        int found = search(capacity);

        assertThat(found).isLessThanOrEqualTo(capacity);
        assertThat(found * 1.08 + 1).isGreaterThanOrEqualTo(capacity);
        assertThat(tried).as("no rate is tried twice").doesNotHaveDuplicates();
    }

    @Test
    void doublesAndThenHalvesTheInterval() {
        search(1_000);

        assertThat(tried).startsWith(400, 800, 1_600, 1_200, 1_000);
    }

    @Test
    void isZeroIfNothingPasses() {
        assertThat(search(0)).isZero();
        assertThat(tried).containsExactly(400, 200, 100, 50, 25);
    }

    @Test
    void isTheHighestRateIfEverythingPasses() {
        assertThat(search(Integer.MAX_VALUE)).isEqualTo(12_800);
        assertThat(tried).endsWith(6_400, 12_800);
    }

    @Test
    void isTheHighestRateThatPassedWhenTheTimeIsUp() {
        int found = SEARCH.run(rate -> tried.add(rate), () -> tried.size() < 3);

        assertThat(found).isEqualTo(1_600);
    }

    @Test
    void isZeroWithoutAnyTime() {
        assertThat(SEARCH.run(_ -> true, () -> false)).isZero();
    }
}
