package io.gpuctl.telemetry.conditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.telemetry.conditions.ConditionSmoother.Smoothed;
import io.gpuctl.telemetry.conditions.ConditionSmoother.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TelemetryTest {
    private static final NodeId NODE = new NodeId("n1");

    private final ConditionSmoother smoother = new ConditionSmoother(5_000, 1_000);

    private static NodeTelemetry sample(long atMs, NodeTelemetry.Gpu... gpus) {
        return new NodeTelemetry(NODE, PoolId.DEFAULT, atMs, List.of(gpus));
    }

    private static NodeTelemetry.Gpu gpu(double utilization, double powerWatts, double temperatureCelsius) {
        return new NodeTelemetry.Gpu(utilization, 1_000, powerWatts, temperatureCelsius, 1_400, false);
    }

    @Test
    void emitsTheFirstSampleRounded() {
        Step step = smoother.sample(null, sample(0, gpu(0.123, 100.4, 40.3)));

        assertThat(step.emitted().gpus()).containsExactly(new NodeCondition.Gpu(40.5, 0.12, 100, 1_000));
    }

    @Test
    void isSilentWhileNothingChanges() {
        Smoothed first = smoother.sample(null, sample(0, gpu(0.5, 100, 40))).next();

        Step step = smoother.sample(first, sample(10_000, gpu(0.55, 105, 41)));

        assertThat(step.emitted()).isNull();
    }

    @Test
    void movesByItsTimeConstant() {
        Smoothed first = smoother.sample(null, sample(0, gpu(0, 100, 40))).next();

        Step step = smoother.sample(first, sample(5_000, gpu(1, 100, 40)));

        assertThat(step.next().smoothed().gpus().getFirst().utilization()).isCloseTo(1 - Math.exp(-1), within(1e-9));
        assertThat(step.emitted().gpus().getFirst().utilization()).isEqualTo(0.63);
    }

    @Test
    void emitsAtMostOnceInItsInterval() {
        Smoothed state = smoother.sample(null, sample(0, gpu(0, 60, 30))).next();
        List<Long> emittedAtMs = new ArrayList<>();
        for (long atMs = 100; atMs <= 3_000; atMs += 100) {
            Step step = smoother.sample(state, sample(atMs, gpu(1, 400, 90)));
            state = step.next();
            if (step.emitted() != null) {
                emittedAtMs.add(atMs);
            }
        }

        assertThat(emittedAtMs).containsExactly(1_000L, 2_000L, 3_000L);
    }

    @Test
    void ignoresAnOldSample() {
        Smoothed first = smoother.sample(null, sample(10_000, gpu(0, 60, 30))).next();

        Step step = smoother.sample(first, sample(9_000, gpu(1, 400, 90)));

        assertThat(step).isEqualTo(new Step(first, null));
    }

    @Test
    void beginsAnewWhenTheNodesClockWasSetBack() {
        Smoothed first = smoother.sample(null, sample(Long.MAX_VALUE / 2, gpu(0, 60, 30)))
                .next();

        Step step = smoother.sample(first, sample(1_000, gpu(1, 400, 90)));

        assertThat(step.emitted().gpus()).containsExactly(new NodeCondition.Gpu(90, 1, 400, 1_000));
    }

    @Test
    void scalesWithTheSpeedOfClusterTime() {
        assertThat(ConditionSmoother.atSpeed(60)).isEqualTo(new ConditionSmoother(300_000, 60_000));
    }

    @Test
    void addsUpAWindow() {
        TelemetryWindow one = TelemetryWindows.add(null, sample(12_000, gpu(0.2, 100, 40), gpu(0.4, 200, 60)));

        TelemetryWindow two = TelemetryWindows.add(one, sample(13_000, gpu(0.6, 200, 50), gpu(0.8, 300, 70)));

        assertThat(two.startMs()).isEqualTo(10_000);
        assertThat(two.samples()).isEqualTo(2);
        assertThat(two.meanUtilization()).isCloseTo(0.5, within(1e-9));
        assertThat(two.meanPowerWatts()).isCloseTo(400, within(1e-9));
        assertThat(two.maxPowerWatts()).isEqualTo(500);
        assertThat(two.meanTemperatureCelsius()).isCloseTo(55, within(1e-9));
        assertThat(two.maxTemperatureCelsius()).isEqualTo(70);
        assertThat(two.throttledShare()).isZero();
    }

    @Test
    void windowsOfANodeWithoutGpusAreFinite() {
        TelemetryWindow window = TelemetryWindows.add(null, sample(-1));

        assertThat(window).isEqualTo(new TelemetryWindow(-10_000, 1, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void summariesAddUp() {
        TelemetrySummary left = TelemetryWindows.summary(sample(0, gpu(0.2, 100, 40), gpu(0.4, 200, 60)));
        TelemetrySummary right = TelemetryWindows.summary(
                new NodeTelemetry(new NodeId("n0"), PoolId.DEFAULT, 0, List.of(gpu(0.9, 300, 60))));

        TelemetrySummary sum = TelemetrySummary.EMPTY.plus(left).plus(right);

        assertThat(sum.nodes()).isEqualTo(2);
        assertThat(sum.gpus()).isEqualTo(3);
        assertThat(sum.meanUtilization()).isCloseTo(0.5, within(1e-9));
        assertThat(sum.totalPowerWatts()).isEqualTo(600);
        assertThat(sum.hottest()).isEqualTo(new TelemetrySummary.HottestGpu(new NodeId("n0"), 0, 60));
    }
}
