package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static io.gpuctl.simulator.model.Nodes.start;
import static io.gpuctl.simulator.model.Nodes.wholeGpus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares the slowdown of real cards under a power cap with the model. {@code full} is the measured power without a
 * cap, {@code drawn} the measured power under the cap, which is often below the cap. Errors are of the slowdown, in %.
 * They must not grow, and docs/gpu-model.md lists the same errors.
 *
 * <p>Z: ml-energy/zeus, {@code examples/research_reproducibility/zeus_nsdi23/trace/summary_power_*.csv} (You et al.,
 * NSDI 2023): time and mean power of an epoch under each cap. P: the same repository,
 * {@code sosp24_data/emulation/stage_profile/gpt3-175b+a100_sxm_bf16.csv} (Chung et al., SOSP 2024), relative to 400 W.
 * W: a page of factryze.ai, which gives 10 to 15 %.
 */
class PublishedSlowdownsTest {
    @ParameterizedTest(name = "{0} at {3} W")
    @CsvSource({
        // what,                      idle, full,   drawn,  measured, error %
        "A100 GPT-3 (P),              60,   400,    350,    1.052,    0.8",
        "A100 GPT-3 (P),              60,   400,    300,    1.131,    0.6",
        "A100 GPT-3 (P),              60,   400,    250,    1.354,    -8.3",
        "V100 ResNet-50 cap 200 (Z),  40,   220.25, 184.94, 1.053,    2.8",
        "V100 ResNet-50 cap 150 (Z),  40,   220.25, 144.59, 1.180,    3.5",
        "V100 ResNet-50 cap 100 (Z),  40,   220.25, 98.38,  1.929,    2.5",
        "V100 BERT cap 150 (Z),       40,   228.22, 146.42, 1.281,    -3.7",
        "V100 BERT cap 100 (Z),       40,   228.22, 99.48,  2.067,    -1.9",
        "P100 ResNet-50 cap 125 (Z),  26,   165.47, 112.64, 1.142,    4.4",
        "A40 ResNet-50 cap 200 (Z),   30,   244.26, 179.23, 1.068,    7.0",
        "H100 (W),                    85,   700,    600,    1.125,    -5.2",
    })
    void comesAsNearAsItIsSaidTo(
            String what, double idleWatts, double fullWatts, double drawnWatts, double measured, double errorPercent) {
        assertThat(100 * (slowdown(idleWatts, fullWatts, drawnWatts) / measured - 1))
                .as(what)
                .isCloseTo(errorPercent, within(0.2));
    }

    @ParameterizedTest
    @CsvSource({"85, 700, 200, 3.4", "60, 400, 100, 5.4"})
    void keepsWithinTheLowestLimitThatCardsAccept(
            double idleWatts, double fullWatts, double limitWatts, double slowdown) {
        assertThat(slowdown(idleWatts, fullWatts, limitWatts)).isCloseTo(slowdown, within(0.1));
    }

    /** Returns the slowdown of a task that loads one GPU fully. Its power must not exceed the limit. */
    private static double slowdown(double idleWatts, double fullWatts, double limitWatts) {
        var inventory =
                new NodeInventory(Nodes.ID, PoolId.DEFAULT, "", 1, 81_920, 8_000, 8_192, idleWatts, limitWatts, 25, 85);
        var physics = new GpuPhysics(
                new Clocks(1410, 1095, 210, 1593),
                PowerCurve.typical(fullWatts),
                Cooling.typical(fullWatts),
                4,
                3,
                Wiring.TYPICAL,
                new MemoryTraits(0, 0));
        var node = new NodeModel(inventory, Nodes.INCARNATION, physics, START_MS);
        long workMs = 10_000_000;
        node.start(start("a", wholeGpus(0), fullLoad(workMs)), START_MS);
        assertThat(node.telemetry(START_MS + 1).gpus().getFirst().powerWatts()).isLessThanOrEqualTo(limitWatts);
        return (node.nextEventMs() - START_MS) / (double) workMs;
    }
}
