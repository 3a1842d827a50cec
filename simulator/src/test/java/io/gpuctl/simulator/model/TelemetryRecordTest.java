package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.COOL;
import static io.gpuctl.simulator.model.Nodes.HOT;
import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static io.gpuctl.simulator.model.Nodes.share;
import static io.gpuctl.simulator.model.Nodes.start;
import static io.gpuctl.simulator.model.Nodes.wholeGpus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.NodeTelemetry.Clocks;
import io.gpuctl.events.NodeTelemetry.Errors;
import io.gpuctl.events.Work;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The DCGM metrics of a node. */
class TelemetryRecordTest {
    private static final long HOUR_MS = 3_600_000;

    @Test
    void onlyGpusOfOneTaskTalkOverNvlink() {
        var node = Nodes.model(COOL);
        node.start(start("gang", wholeGpus(0, 1), fullLoad(HOUR_MS)), START_MS);
        node.start(start("single", wholeGpus(2), fullLoad(HOUR_MS)), START_MS);

        assertThat(gpu(node, 0, 10).traffic().nvlinkTx()).isEqualTo(90_000_000_000L);
        assertThat(gpu(node, 2, 10).traffic().nvlinkTx()).isZero();
        assertThat(gpu(node, 2, 10).traffic().pcieRx()).isEqualTo(1_600_000_000L);
        assertThat(gpu(node, 3, 10).traffic()).isEqualTo(NodeTelemetry.Traffic.NONE);
    }

    @Test
    void memoryAddsUp() {
        var node = Nodes.model(COOL);
        node.start(start("a", wholeGpus(0), fullLoad(HOUR_MS)), START_MS);
        node.start(start("b", share(1, 1000, 81_900), fullLoad(HOUR_MS)), START_MS);

        for (int i = 0; i < 3; i++) {
            var memory = gpu(node, i, 10).framebuffer();
            assertThat(memory.usedMib() + memory.freeMib()).isEqualTo(81_920);
            assertThat(memory.reservedMib()).isEqualTo(573);
        }
    }

    @Test
    void activityIsThatOfTheProfile() {
        var node = Nodes.model(COOL);
        node.start(start("a", wholeGpus(0), fullLoad(HOUR_MS)), START_MS);
        node.start(start("b", wholeGpus(1), new Work(HOUR_MS, 1, 0).withProfile(LoadProfile.INFERENCE)), START_MS);

        assertThat(gpu(node, 0, 10).activity()).isEqualTo(new NodeTelemetry.Activity(1, 1, 0.8, 0.3, 0.75));
        assertThat(gpu(node, 1, 10).activity()).isEqualTo(new NodeTelemetry.Activity(1, 1, 0.5, 0.15, 0.75));
    }

    @ParameterizedTest
    @CsvSource({"STEADY, 1", "TRAINING_LARGE, 0.9", "TRAINING_SMALL, 0.65", "INFERENCE, 0.75", "NOTEBOOK, 0.5"})
    void howMuchFullLoadDrawsDependsOnTheWork(LoadProfile profile, double factor) {
        var node = Nodes.model(COOL);
        node.start(start("a", wholeGpus(0), new Work(HOUR_MS, 1, 0).withProfile(profile)), START_MS);

        assertThat(gpu(node, 0, 10).activity().utilization()).isEqualTo(1);
        assertThat(gpu(node, 0, 10).powerWatts()).isCloseTo(60 + 340 * factor, within(1e-9));
    }

    @Test
    void whoDrawsMoreOfASharedGpuBearsMoreOfItsEnergy() {
        var node = Nodes.model(COOL);
        var half = share(0, 500, 0);
        node.start(start("a", half, new Work(HOUR_MS, 1, 0)), START_MS);
        node.start(start("b", half, new Work(HOUR_MS, 1, 0).withProfile(LoadProfile.NOTEBOOK)), START_MS);

        var drawn = node.attemptMicrojoules(START_MS + 1_000);
        assertThat(drawn.get(Nodes.attempt("a"))).isEqualTo(1_000_000L * (30 + 170));
        assertThat(drawn.get(Nodes.attempt("b"))).isEqualTo(1_000_000L * (30 + 85));
    }

    @Test
    void saysWhatEachDoesOnASharedGpu() {
        var node = Nodes.model(COOL);
        node.start(start("alone", wholeGpus(0), fullLoad(HOUR_MS)), START_MS);
        node.start(start("a", share(1, 500, 0), new Work(HOUR_MS, 1, 0)), START_MS);
        node.start(start("b", share(1, 250, 0), new Work(HOUR_MS, 0.5, 0)), START_MS);
        node.advance(START_MS + 10);
        var telemetry = node.telemetry(START_MS + 10);

        assertThat(telemetry.shares())
                .containsExactly(
                        new NodeTelemetry.Share(1, Nodes.attempt("a"), 0.5, 30 + 170),
                        new NodeTelemetry.Share(1, Nodes.attempt("b"), 0.125, 15 + 42.5));
        assertThat(telemetry.gpus().get(1).utilization()).isEqualTo(0.625);
        assertThat(telemetry.gpus().get(1).powerWatts())
                .as("and 15 W that nobody holds")
                .isEqualTo(60 + 212.5);
    }

    /** A record has a limit on shares; later attempts are left out. */
    @Test
    void saysItOfSoManyAtMost() {
        var node = Nodes.model(COOL);
        for (int i = 0; i < NodeTelemetry.SHARES_MAX + 10; i++) {
            var part = new Allocation(Nodes.ID, Nodes.INCARNATION, List.of(i % 8), 20, 0, 10, 1);
            node.start(start("task-%03d".formatted(i), part, fullLoad(HOUR_MS)), START_MS);
        }
        node.advance(START_MS + 10);

        assertThat(node.running()).hasSize(NodeTelemetry.SHARES_MAX + 10);
        assertThat(node.telemetry(START_MS + 10).shares()).hasSize(NodeTelemetry.SHARES_MAX);
    }

    @Test
    void memoryIsWarmedByTheHeatSinkAndByItsOwnWork() {
        var node = Nodes.model(COOL);
        node.start(start("a", wholeGpus(0, 1, 2, 3, 4, 5, 6, 7), fullLoad(HOUR_MS)), START_MS);

        assertThat(gpu(node, 0, HOUR_MS - 1).sensors().memoryCelsius()).isCloseTo(25 + 2 + 30 + 20, within(0.1));
        assertThat(gpu(Nodes.model(COOL), 0, 10).sensors().memoryCelsius()).isBetween(30.0, 35.0);
    }

    @Test
    void reasonsAreNvmlsBits() {
        var hot = Nodes.model(HOT);
        hot.start(start("a", wholeGpus(0), fullLoad(HOUR_MS)), START_MS);

        var clocks = gpu(hot, 0, HOUR_MS - 1).clocks();

        assertThat(clocks.eventReasons()).isEqualTo(Clocks.SW_THERMAL_SLOWDOWN);
        assertThat(clocks.thermalViolationNs()).isPositive();
        assertThat(gpu(hot, 1, HOUR_MS - 1).clocks().eventReasons()).isEqualTo(Clocks.GPU_IDLE);
    }

    @Test
    void showsWhatWasNotedOfErrors() {
        var node = Nodes.model(COOL);
        node.note(3, new Errors(63, 2, 0, false));

        assertThat(gpu(node, 3, 10).errors()).isEqualTo(new Errors(63, 2, 0, false));
        assertThat(gpu(node, 4, 10).errors()).isEqualTo(Errors.NONE);
    }

    private static NodeTelemetry.Gpu gpu(NodeModel node, int index, long afterMs) {
        node.advance(START_MS + afterMs);
        return node.telemetry(START_MS + afterMs).gpus().get(index);
    }
}
