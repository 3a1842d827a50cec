package io.gpuctl.experiments.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class UtilisationTest {

    /** 4 of 8 GPUs are allocated for 10 s, then none for 10 s. The power is 1 kW all the time. */
    @Test
    void weighsByTime() {
        var utilisation = new Utilisation(8, 100);
        utilisation.power(100, 1_000);
        utilisation.allocated(100, 4);
        utilisation.allocated(110, 0);
        utilisation.end(120);

        assertThat(utilisation.meanAllocatedPercent()).isEqualTo(25);
        assertThat(utilisation.points()).hasSize(20);
        assertThat(utilisation.points().getFirst())
                .isEqualTo(new UtilisationPoint(100, 50, 1_000.0, new UtilisationPoint.Heat(0, 0)));
        assertThat(utilisation.points().getLast())
                .isEqualTo(new UtilisationPoint(119, 0, 1_000.0, new UtilisationPoint.Heat(0, 0)));
    }

    @Test
    void staysSmallHoweverLongTheRun() {
        var utilisation = new Utilisation(1, 0);
        double integral = 0;
        for (int i = 0; i < 100_000; i++) {
            double share = i % 10 / 10.0;
            utilisation.allocated(i * 100.0, share);
            integral += share * 100;
        }
        utilisation.end(100_000 * 100.0);

        assertThat(utilisation.points()).hasSizeBetween(StepSeries.BINS / 2, StepSeries.BINS);
        assertThat(utilisation.meanAllocatedPercent()).isCloseTo(100 * integral / 1e7, within(1e-6));
    }

    @Test
    void withoutPowerThereIsNoneToPlot() {
        var utilisation = new Utilisation(1, 0);
        utilisation.allocated(0, 1);
        utilisation.end(0.5);

        assertThat(utilisation.points()).containsExactly(new UtilisationPoint(0, 100, null, null));
    }

    @Test
    void timeDoesNotGoBack() {
        var series = new StepSeries(0);
        series.set(5, 1);

        assertThatThrownBy(() -> series.set(4, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysHowHotItWasAndWhatHeatSlowed() {
        Utilisation utilisation = new Utilisation(8, 0);

        utilisation.power(0, 100);
        utilisation.heat(0, 60, 0);
        utilisation.heat(1, 88, 2);
        utilisation.end(2);

        assertThat(utilisation.points())
                .extracting(UtilisationPoint::heat)
                .containsExactly(new UtilisationPoint.Heat(60, 0), new UtilisationPoint.Heat(88, 25));
    }
}
