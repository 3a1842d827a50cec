package io.gpuctl.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllocationSeriesTest {

    @Test
    void knowsMeanAndMaximum() {
        var series = new AllocationSeries();

        series.change(1_000, 2_000);
        series.change(2_000, 2_000);
        series.change(3_000, -4_000);
        series.advanceTo(5_000);

        assertThat(series.maxMilli()).isEqualTo(4_000);
        assertThat(series.meanMilli()).isEqualTo(6_000 / 4.0);
        assertThat(series.means(4)).containsExactly(2_000.0, 4_000.0, 0.0, 0.0);
    }

    /** No allocation is lost, however often bins are merged. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theMeanIsExactOverAnyTime(int seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var series = new AllocationSeries();
        double integral = 0;
        long nowMs = 0;
        long current = 0;
        for (int i = 0; i < 5_000; i++) {
            long stepMs = random.nextLong(0, 1L << random.nextInt(1, 30));
            integral += (double) current * stepMs;
            nowMs += stepMs;
            long delta = random.nextLong(-current, 8_000);
            current += delta;
            series.change(nowMs, delta);
        }

        assertThat(series.meanMilli()).isCloseTo(integral / series.spanMs(), within(0.01));
        assertThat(series.means(60).stream().mapToDouble(Double::doubleValue).average())
                .hasValueCloseTo(series.meanMilli(), within(0.01));
    }
}
