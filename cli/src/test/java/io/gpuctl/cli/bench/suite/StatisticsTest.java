package io.gpuctl.cli.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void theMedianOfAnOddNumberIsTheMiddleValue() {
        assertThat(Statistics.median(List.of(9.0, 1.0, 4.0))).isEqualTo(4.0);
        assertThat(Statistics.median(List.of(7.0))).isEqualTo(7.0);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheTwoMiddleValues() {
        assertThat(Statistics.median(List.of(10.0, 1.0, 2.0, 4.0))).isEqualTo(3.0);
    }

    @Test
    void thereIsNoMedianOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Statistics.median(List.of()));
    }

    @Test
    void aDifferenceCountsIfItIsLargerThanTheSpreadOfEitherResult() {
        assertThat(Statistics.exceedsSpread(List.of(10.0, 11.0, 12.0), List.of(14.0, 14.5, 15.0)))
                .contains(true);
        assertThat(Statistics.exceedsSpread(List.of(10.0, 11.0, 12.0), List.of(9.0, 12.9, 14.0)))
                .as("the second result spreads over 5")
                .contains(false);
    }

    @Test
    void oneRoundHasNoSpread() {
        assertThat(Statistics.exceedsSpread(List.of(5.0), List.of(9.0))).isEmpty();
        assertThat(Statistics.exceedsSpread(List.of(5.0), List.of(9.0, 8.0))).contains(true);
    }
}
