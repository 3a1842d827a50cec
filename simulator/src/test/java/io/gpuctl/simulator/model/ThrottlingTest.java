package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.COOL;
import static io.gpuctl.simulator.model.Nodes.HOT;
import static io.gpuctl.simulator.model.Nodes.SCORCHING;
import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static io.gpuctl.simulator.model.Nodes.share;
import static io.gpuctl.simulator.model.Nodes.start;
import static io.gpuctl.simulator.model.Nodes.stop;
import static io.gpuctl.simulator.model.Nodes.wholeGpus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.Work;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The effect of heat and the power limit on the clock, and of the clock on the work. */
class ThrottlingTest {
    private static final long HOUR_MS = Duration.ofHours(1).toMillis();
    private static final double SLOWDOWN = 85;
    private static final double RELEASE = 82;

    @Test
    void slowsDownInTheMillisecondThatReachesTheSlowdownTemperature() {
        var node = loaded(HOT);
        long crossingMs = firstThrottledMs(node);

        assertThat(gpu(loaded(HOT), crossingMs - 1).temperatureCelsius()).isCloseTo(SLOWDOWN, within(0.01));
        assertThat(gpu(loaded(HOT), crossingMs - 1).clocks().reasons()).isEmpty();
        assertThat(gpu(node, crossingMs).clocks().reasons()).containsExactly("sw_thermal_slowdown");
    }

    @Test
    void endsJustBelowTheReleaseTemperatureAtTheHighestClockThatHolds() {
        var node = loaded(HOT);

        var steady = gpu(node, HOUR_MS);

        assertThat(steady.temperatureCelsius()).isBetween(RELEASE - 0.1, RELEASE);
        assertThat(steady.smClockMhz()).isBetween(1000, 1400);
        assertThat(steady.clocks().reasons()).containsExactly("sw_thermal_slowdown");
    }

    @Test
    void aThrottledTaskEndsLaterByWhatTheClockLacks() {
        var node = loaded(HOT);
        long endMs = node.nextEventMs() - START_MS;
        long crossingMs = firstThrottledMs(loaded(HOT));

        double clock = gpu(loaded(HOT), HOUR_MS).smClockMhz() / 1410.0;
        assertThat((double) endMs).isCloseTo(crossingMs + (20_000_000 - crossingMs) / clock, within(20_000.0));
    }

    @Test
    void keepsItsClockLoweredUntilTheReleaseTemperature() {
        var node = Nodes.model(HOT);
        node.start(start("most", share(0, 800, 0), fullLoad(20_000_000)), START_MS);
        node.start(start("rest", share(0, 200, 0), fullLoad(20_000_000)), START_MS);
        long crossingMs = firstThrottledMs(node);
        // The remaining load leads to about 84 C at full clock: below slowdown, above release.
        node.stop(stop("rest"), START_MS + crossingMs);

        assertThat(gpu(node, crossingMs + 1).throttled()).isTrue();
        assertThat(gpu(node, crossingMs + HOUR_MS).throttled()).isFalse();
        assertThat(gpu(node, crossingMs + HOUR_MS).temperatureCelsius()).isBetween(RELEASE, SLOWDOWN);
    }

    @Test
    void hardwareHalvesTheClockWhereSoftwareCannotHold() {
        var node = loaded(SCORCHING);

        var steady = gpu(node, HOUR_MS);

        assertThat(steady.clocks().reasons())
                .containsExactly("hw_slowdown", "sw_thermal_slowdown", "hw_thermal_slowdown");
        assertThat(steady.smClockMhz()).isLessThan(210);
    }

    @Test
    void aPowerCapLowersTheClockUntilItHolds() {
        var node = Nodes.capped(COOL, 300);
        node.start(start("a", wholeGpus(0), fullLoad(1_000_000)), START_MS);

        var capped = gpu(node, 1_000);

        assertThat(capped.clocks().reasons()).containsExactly("sw_power_cap");
        assertThat(capped.powerWatts()).isBetween(299.0, 300.0);
        assertThat(capped.smClockMhz()).isBetween(1000, 1400);
        assertThat(node.nextEventMs() - START_MS).isCloseTo(1_000_000L * 1410 / capped.smClockMhz(), within(1_000L));
    }

    @Test
    void aPowerCapLeavesAlonePartialLoadThatFits() {
        var node = Nodes.capped(COOL, 300);
        node.start(start("a", wholeGpus(0), new Work(1_000_000, 0.7, 0)), START_MS);

        assertThat(gpu(node, 1_000).clocks().reasons()).isEmpty();
        assertThat(gpu(node, 1_000).powerWatts()).isCloseTo(60 + 340 * 0.7, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 200, 500, 770, 900, 999, 1000})
    void powerFallsAsClockTimesVoltageSquared(int clockMilli) {
        double clock = clockMilli / 1000.0;
        double voltage = 0.8 + 0.2 * Math.max(0, clock - 0.77) / 0.23;

        assertThat(PowerCurve.typical(400).dynamicShare(clockMilli))
                .isCloseTo(clock * voltage * voltage, within(1e-12));
    }

    @Test
    void countsForHowLongTheClockWasHeldDown() {
        var hot = loaded(HOT);
        long crossingMs = firstThrottledMs(loaded(HOT));
        var capped = Nodes.capped(COOL, 300);
        capped.start(start("a", wholeGpus(0), fullLoad(1_000)), START_MS);
        long endMs = capped.nextEventMs();
        capped.advance(endMs + 5_000);

        assertThat(gpu(hot, crossingMs + 2_500).clocks().thermalViolationNs()).isEqualTo(2_500_000_000L);
        assertThat(capped.telemetry(endMs + 5_000).gpus().getFirst().clocks().powerViolationNs())
                .isEqualTo((endMs - START_MS) * 1_000_000);
    }

    @Test
    void aGangIsAsSlowAsItsSlowestGpu() {
        var node = Nodes.model(HOT);
        node.start(start("warm-up", wholeGpus(0), fullLoad(200_000)), START_MS);
        long startMs = node.nextEventMs();
        node.advance(startMs);
        node.start(start("both", wholeGpus(0, 2), fullLoad(1_000_000)), startMs);
        long together = node.nextEventMs() - startMs;

        long leftMicro = 1_000_000_000;
        long atMs = startMs;
        for (; leftMicro > 0 && atMs < startMs + together; atMs++) {
            var readings = node.telemetry(atMs).gpus();
            int slowestMhz =
                    Math.min(readings.get(0).smClockMhz(), readings.get(2).smClockMhz());
            leftMicro -= Math.round(slowestMhz / 1.41);
        }
        assertThat(leftMicro).isBetween(-1_000_000L, 1_000_000L);
    }

    @Test
    @Timeout(10)
    void yearsOfThrottlingCostNothing() {
        var node = Nodes.model(HOT);
        long tenYearsMs = Work.MAX_DURATION_MS;
        node.start(start("a", wholeGpus(0, 1, 2, 3, 4, 5, 6, 7), fullLoad(tenYearsMs)), START_MS);

        for (int i = 0; i < 10_000; i++) {
            node.telemetry(START_MS + i * (tenYearsMs / 10_000));
        }
        assertThat(node.advance(START_MS + 20 * tenYearsMs)).hasSize(1);
    }

    private static long firstThrottledMs(NodeModel node) {
        for (long elapsedMs = 0; elapsedMs < HOUR_MS; elapsedMs++) {
            if (gpu(node, elapsedMs).throttled()) {
                return elapsedMs;
            }
        }
        throw new AssertionError("It never throttles");
    }

    private static NodeModel loaded(double ambientCelsius) {
        var node = Nodes.model(ambientCelsius);
        node.start(start("a", wholeGpus(0), fullLoad(20_000_000)), START_MS);
        return node;
    }

    private static NodeTelemetry.Gpu gpu(NodeModel node, long elapsedMs) {
        return node.telemetry(START_MS + elapsedMs).gpus().getFirst();
    }
}
