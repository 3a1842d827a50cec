package io.gpuctl.experiments.result.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.experiments.result.Distribution;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EstimateTest {

    /** 1 to 10: mean 5.5, variance 82.5 / 9; t(9) at 97.5 % is 2.262157 in every table. */
    @Test
    void isStudentsInterval() {
        var estimate = Estimate.of(IntStream.rangeClosed(1, 10).asDoubleStream().toArray());

        double deviation = Math.sqrt(82.5 / 9);
        assertThat(estimate.n()).isEqualTo(10);
        assertThat(estimate.mean()).isEqualTo(5.5);
        assertThat(estimate.standardDeviation().orElseThrow()).isCloseTo(deviation, within(1e-12));
        assertThat(estimate.high()).isCloseTo(5.5 + 2.262157 * deviation / Math.sqrt(10), within(1e-6));
        assertThat(estimate.low()).isCloseTo(5.5 - 2.262157 * deviation / Math.sqrt(10), within(1e-6));
    }

    /** t(1) at 97.5 % is 12.7062, the largest for any number of runs. */
    @Test
    void twoRunsSayLittle() {
        var estimate = Estimate.of(new double[] {1, 3});

        assertThat(estimate.halfWidth().orElseThrow()).isCloseTo(12.7062, within(1e-4));
    }

    @Test
    void oneRunSaysNothingOfChance() {
        var estimate = Estimate.of(new double[] {7});

        assertThat(estimate.standardDeviation()).isEmpty();
        assertThat(estimate.halfWidth()).isEmpty();
        assertThat(estimate.low()).isEqualTo(7);
    }

    @Test
    void quantilesKeepTheEndsAndAtMostSoMany() {
        var quantiles = Quantiles.of(Distribution.of(
                IntStream.rangeClosed(1, 80_000).asDoubleStream().toArray()));

        assertThat(quantiles.count()).isEqualTo(80_000);
        assertThat(quantiles.points()).hasSize(Quantiles.POINTS);
        assertThat(quantiles.points().getFirst()).isEqualTo(new Quantiles.Point(1, 1.0 / 80_000));
        assertThat(quantiles.points().getLast()).isEqualTo(new Quantiles.Point(80_000, 1));
        assertThat(quantiles.shareUpTo(40_000)).isCloseTo(0.5, within(0.003));
    }

    @Test
    void quantilesOfNothingAreNone() {
        assertThat(Quantiles.of(Distribution.of(new double[0])).points()).isEmpty();
    }
}
