package io.gpuctl.experiments.result.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.experiments.result.report.Axis.Tick;
import org.junit.jupiter.api.Test;

class AxisTest {

    @Test
    void numbersHaveRoundTicksAroundThem() {
        Axis axis = Axis.numbers(78.3, 96.1, "");

        assertThat(axis.min()).isEqualTo(75);
        assertThat(axis.max()).isEqualTo(100);
        assertThat(axis.ticks()).extracting(Tick::label).containsExactly("75", "80", "85", "90", "95", "100");
    }

    @Test
    void oneNumberHasAnAxisToo() {
        Axis axis = Axis.numbers(0, 0, "");

        assertThat(axis.min()).isZero();
        assertThat(axis.max()).isPositive();
    }

    @Test
    void timeIsInUnitsThatPeopleUse() {
        assertThat(Axis.time(20 * 3_600, "").ticks())
                .extracting(Tick::label)
                .containsExactly("0", "3 h", "6 h", "9 h", "12 h", "15 h", "18 h");
        assertThat(Axis.time(150 * 86_400, "").ticks())
                .extracting(Tick::label)
                .containsExactly("0", "20 d", "40 d", "60 d", "80 d", "100 d", "120 d", "140 d");
    }

    @Test
    void durationsAreLogarithmic() {
        Axis axis = Axis.durations(10_000, "");

        assertThat(axis.ticks()).extracting(Tick::label).containsExactly("≤ 1 s", "10 s", "1 min", "10 min", "1 h");
        assertThat(axis.position(100)).isCloseTo(0.5, within(1e-12));
        assertThat(axis.position(0)).isZero();
        assertThat(axis.valueAt(0.25)).isCloseTo(10, within(1e-9));
    }

    @Test
    void labelsMoveApartAndStayInside() {
        assertThat(Spread.apart(new double[] {50, 51, 52}, 15, 0, 100)).containsExactly(50, 65, 80);
        assertThat(Spread.apart(new double[] {10, 98, 99, 100}, 15, 0, 100)).containsExactly(10, 70, 85, 100);
    }
}
