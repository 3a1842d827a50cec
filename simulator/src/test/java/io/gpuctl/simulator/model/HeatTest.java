package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.COOL;
import static io.gpuctl.simulator.model.Nodes.HOT;
import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static io.gpuctl.simulator.model.Nodes.start;
import static io.gpuctl.simulator.model.Nodes.wholeGpus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.NodeTelemetry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares heat with formulas that this test writes down independently. */
class HeatTest {
    private static final double DIE_TAU_MS = 1_500;
    private static final double SINK_TAU_MS = 30_000;
    private static final double IDLE_DIE = 15 * 60 / 400.0;
    private static final double IDLE_SINK = 30 * 60 / 400.0 / Math.sqrt(0.3 + 0.7 * 60 / 400);
    /** 2 C if all eight GPUs drew 400 W. */
    private static final double INLET_RISE_OF_ONE = 2 * (400 + 7 * 60) / 3200.0;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999, 1_500, 30_000, 200_000})
    void aStepOfPowerWarmsUpAsTheClosedFormSays(long elapsedMs) {
        double expected = 25
                + INLET_RISE_OF_ONE
                + (15 - (15 - IDLE_DIE) * Math.exp(-elapsedMs / DIE_TAU_MS))
                + (30 - (30 - IDLE_SINK) * Math.exp(-elapsedMs / SINK_TAU_MS));

        assertThat(gpu(loaded(COOL), elapsedMs).temperatureCelsius()).isCloseTo(expected, within(1e-9));
    }

    @Test
    void coolsDownWithTheFansOfIdling() {
        var node = Nodes.model(COOL);
        node.start(start("a", wholeGpus(0), fullLoad(600_000)), START_MS);
        node.advance(START_MS + 630_000);

        double idleTauMs = SINK_TAU_MS / Math.sqrt(0.3 + 0.7 * 60 / 400);
        double expected = 25
                + 2 * 60 / 400.0
                + (IDLE_DIE + (15 - IDLE_DIE) * Math.exp(-30_000 / DIE_TAU_MS))
                + (IDLE_SINK + (30 - IDLE_SINK) * Math.exp(-30_000 / idleTauMs));
        assertThat(gpu(node, 630_000).temperatureCelsius()).isCloseTo(expected, within(1e-5));
    }

    @Test
    void fullLoadEndsWithinATenthOfADegreeOfTheSteadyState() {
        assertThat(gpu(loaded(COOL), 3_600_000).temperatureCelsius())
                .isCloseTo(25 + INLET_RISE_OF_ONE + 45, within(0.1));
    }

    @Test
    void theHeatSinksTimeConstantIsMetWithinAHundredth() {
        var node = loaded(COOL);
        double steady = gpu(node, 3_600_000).temperatureCelsius();
        // After 20 time constants of the die, only the heat sink still warms.
        double early = steady - gpu(loaded(COOL), 30_000).temperatureCelsius();
        double late = steady - gpu(loaded(COOL), 60_000).temperatureCelsius();

        double measuredTauMs = 30_000 / Math.log(early / late);
        assertThat(measuredTauMs).isCloseTo(SINK_TAU_MS, within(SINK_TAU_MS / 100));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 1, 10})
    void integratingInStepsComesToTheSame(double stepMs) {
        double die = IDLE_DIE;
        double sink = IDLE_SINK;
        for (int step = 0; step < 20_000 / stepMs; step++) {
            die += stepMs * (15 - die) / DIE_TAU_MS;
            sink += stepMs * (30 - sink) / SINK_TAU_MS;
        }

        assertThat(gpu(loaded(COOL), 20_000).temperatureCelsius())
                .isCloseTo(25 + INLET_RISE_OF_ONE + die + sink, within(0.01));
    }

    @Test
    void howOftenItIsAskedChangesNoBit() {
        var often = Nodes.model(HOT);
        var once = Nodes.model(HOT);
        often.start(start("a", wholeGpus(0, 1), fullLoad(300_000)), START_MS);
        once.start(start("a", wholeGpus(0, 1), fullLoad(300_000)), START_MS);

        for (long elapsedMs = 0; elapsedMs < 250_000; elapsedMs += 7) {
            often.advance(START_MS + elapsedMs);
            often.energy(START_MS + elapsedMs);
            gpu(often, elapsedMs);
        }

        assertThat(often.telemetry(START_MS + 250_000).gpus())
                .isEqualTo(once.telemetry(START_MS + 250_000).gpus());
        assertThat(often.energy(START_MS + 250_000)).isEqualTo(once.energy(START_MS + 250_000));
        assertThat(often.nextEventMs()).isEqualTo(once.nextEventMs());
    }

    @Test
    void neighboursWarmTheInlet() {
        var node = Nodes.model(COOL);
        double alone = gpu(node, 0).temperatureCelsius();
        node.start(start("a", wholeGpus(1, 2, 3, 4, 5, 6, 7), fullLoad(1_000_000)), START_MS);

        assertThat(gpu(node, 10_000).temperatureCelsius() - alone).isCloseTo(2 * 7 * 340 / 3200.0, within(1e-9));
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
