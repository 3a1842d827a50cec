package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.COOL;
import static io.gpuctl.simulator.model.Nodes.CYCLING;
import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.WARM;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static io.gpuctl.simulator.model.Nodes.start;
import static io.gpuctl.simulator.model.Nodes.stop;
import static io.gpuctl.simulator.model.Nodes.wholeGpus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.Work;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heat, power and throttling, against formulas written down a second time here. */
class HeatTest {
    private static final double TAU_MS = 30_000;
    private static final double IDLE_RISE = 45 * 60 / 400.0;
    private static final double THROTTLED_RISE = 45 * (60 + 340 * 0.6) / 400;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999, 30_000, 200_000})
    void warmsUpAsTheClosedFormSays(long elapsedMs) {
        var node = Nodes.model(COOL);
        node.start(start("a", wholeGpus(0), fullLoad(1_000_000)), START_MS);

        double celsius = gpu(node, elapsedMs).temperatureCelsius();

        double expected = 70 - (70 - 25 - IDLE_RISE) * Math.exp(-elapsedMs / TAU_MS);
        assertThat(celsius).isCloseTo(expected, within(1e-9));
    }

    @Test
    void coolsDownAsTheClosedFormSays() {
        var node = Nodes.model(COOL);
        node.start(start("a", wholeGpus(0), fullLoad(60_000)), START_MS);
        node.advance(START_MS + 90_000);

        double peak = 70 - (45 - IDLE_RISE) * Math.exp(-60_000 / TAU_MS);
        double expected = 25 + IDLE_RISE + (peak - 25 - IDLE_RISE) * Math.exp(-30_000 / TAU_MS);
        assertThat(gpu(node, 90_000).temperatureCelsius()).isCloseTo(expected, within(1e-9));
    }

    @Test
    void fullLoadInCoolAirEndsAt70CelsiusWithoutThrottling() {
        var node = Nodes.model(COOL);
        node.start(start("a", wholeGpus(0), fullLoad(20_000_000)), START_MS);

        assertThat(gpu(node, 19_999_999)).isEqualTo(new NodeTelemetry.Gpu(1, 40_960, 400, 70, 1410, false));
        assertThat(node.nextEventMs()).isEqualTo(START_MS + 20_000_000);
    }

    @Test
    void throttlesWhenItReachesTheSlowdownTemperature() {
        var node = Nodes.model(CYCLING);
        node.start(start("a", wholeGpus(0), fullLoad(1_000_000)), START_MS);
        long crossingMs = firstCrossingMs(CYCLING);

        var before = gpu(node, crossingMs - 1);
        var after = gpu(node, crossingMs);

        assertThat(before.throttled()).isFalse();
        assertThat(before.temperatureCelsius()).isLessThan(85).isCloseTo(85, within(0.01));
        assertThat(after).isEqualTo(new NodeTelemetry.Gpu(1, 40_960, 60 + 340 * 0.6, 85, 846, true));
    }

    @Test
    void getsItsClockBackFiveDegreesBelow() {
        var node = Nodes.model(CYCLING);
        node.start(start("a", wholeGpus(0), fullLoad(1_000_000)), START_MS);
        long releaseMs = firstCrossingMs(CYCLING) + throttledPhaseMs(CYCLING);

        assertThat(gpu(node, releaseMs - 1).throttled()).isTrue();
        assertThat(gpu(node, releaseMs).throttled()).isFalse();
        assertThat(gpu(node, releaseMs).temperatureCelsius()).isCloseTo(80, within(1e-9));
    }

    @Test
    void aThrottledTaskEndsLater() {
        var node = Nodes.model(WARM);
        node.start(start("a", wholeGpus(0), fullLoad(1_000_000)), START_MS);

        long crossingMs = firstCrossingMs(WARM);
        long expectedMs = crossingMs + Math.ceilDiv((1_000_000 - crossingMs) * 1000, 600);
        assertThat(node.nextEventMs()).isEqualTo(START_MS + expectedMs);
    }

    @Test
    void aTaskOnACyclingGpuEndsWhenTheCyclesSumUpToItsWork() {
        var node = Nodes.model(CYCLING);
        long durationMs = 20_000_000;
        node.start(start("a", wholeGpus(0), fullLoad(durationMs)), START_MS);

        assertThat(node.nextEventMs() - START_MS).isEqualTo(endByCountingPhases(durationMs));
    }

    @Test
    void aTaskIsAsSlowAsItsSlowestGpu() {
        var node = Nodes.model(CYCLING);
        node.start(start("warm-up", wholeGpus(0), fullLoad(100_000)), START_MS);
        long startMs = node.nextEventMs();
        node.start(start("alone", wholeGpus(1), fullLoad(1_000_000)), startMs);
        long aloneMs = node.nextEventMs() - startMs;
        node.stop(stop("alone"), startMs);

        node.start(start("both", wholeGpus(0, 2), fullLoad(1_000_000)), startMs);

        assertThat(node.nextEventMs() - startMs)
                .isGreaterThan(aloneMs)
                .isEqualTo(endBySteppingThroughMilliseconds(startMs));
    }

    /** The same node once more, its two GPUs asked each millisecond for their clocks. */
    private static long endBySteppingThroughMilliseconds(long startMs) {
        var node = Nodes.model(CYCLING);
        node.start(start("warm-up", wholeGpus(0), fullLoad(100_000)), START_MS);
        node.start(start("both", wholeGpus(0, 2), fullLoad(1_000_000)), startMs);
        long leftMicro = 1_000_000_000;
        long atMs = startMs;
        for (; leftMicro > 0; atMs++) {
            var gpus = node.telemetry(atMs).gpus();
            leftMicro -= gpus.get(0).throttled() || gpus.get(2).throttled() ? 600 : 1000;
        }
        return atMs - startMs;
    }

    @Test
    @Timeout(10)
    void yearsOfThrottlingCostNothing() {
        var node = Nodes.model(CYCLING);
        long tenYearsMs = Work.MAX_DURATION_MS;
        node.start(start("a", wholeGpus(0, 1, 2, 3, 4, 5, 6, 7), fullLoad(tenYearsMs)), START_MS);

        for (int i = 0; i < 10_000; i++) {
            node.telemetry(START_MS + i * (tenYearsMs / 10_000));
        }
        assertThat(node.advance(START_MS + 2 * tenYearsMs)).hasSize(1);
    }

    @Test
    void howOftenItIsAskedChangesNoBit() {
        var often = Nodes.model(CYCLING);
        var once = Nodes.model(CYCLING);
        often.start(start("a", wholeGpus(0, 1), fullLoad(300_000)), START_MS);
        once.start(start("a", wholeGpus(0, 1), fullLoad(300_000)), START_MS);

        for (long elapsedMs = 0; elapsedMs < 250_000; elapsedMs += 7) {
            often.advance(START_MS + elapsedMs);
            gpu(often, elapsedMs);
        }

        assertThat(gpu(often, 250_000)).isEqualTo(gpu(once, 250_000));
        assertThat(often.nextEventMs()).isEqualTo(once.nextEventMs());
    }

    @Test
    void airAsWarmAsTheSlowdownTemperatureThrottlesForGood() {
        var node = Nodes.model(85);
        node.start(start("a", wholeGpus(0), fullLoad(60_000)), START_MS);

        assertThat(node.nextEventMs()).isEqualTo(START_MS + 100_000);
        assertThatCode(() -> node.telemetry(START_MS + Duration.ofSeconds(99).toMillis()))
                .doesNotThrowAnyException();
    }

    private static NodeTelemetry.Gpu gpu(NodeModel node, long elapsedMs) {
        return node.telemetry(START_MS + elapsedMs).gpus().getFirst();
    }

    private static long firstCrossingMs(double ambient) {
        double steady = ambient + 45;
        return (long) Math.ceil(TAU_MS * Math.log((steady - ambient - IDLE_RISE) / (steady - 85)));
    }

    private static long fullPhaseMs(double ambient) {
        double steady = ambient + 45;
        return (long) Math.ceil(TAU_MS * Math.log((steady - 80) / (steady - 85)));
    }

    private static long throttledPhaseMs(double ambient) {
        double steady = ambient + THROTTLED_RISE;
        return (long) Math.ceil(TAU_MS * Math.log((85 - steady) / (80 - steady)));
    }

    private static long endByCountingPhases(long durationMs) {
        long leftMicro = durationMs * 1000;
        long phaseMs = firstCrossingMs(CYCLING);
        int clockMilli = 1000;
        long atMs = 0;
        while (leftMicro > phaseMs * clockMilli) {
            leftMicro -= phaseMs * clockMilli;
            atMs += phaseMs;
            clockMilli = clockMilli == 1000 ? 600 : 1000;
            phaseMs = clockMilli == 600 ? throttledPhaseMs(CYCLING) : fullPhaseMs(CYCLING);
        }
        return atMs + Math.ceilDiv(leftMicro, clockMilli);
    }
}
