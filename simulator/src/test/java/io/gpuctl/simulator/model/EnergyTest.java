package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.COOL;
import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.attempt;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static io.gpuctl.simulator.model.Nodes.share;
import static io.gpuctl.simulator.model.Nodes.start;
import static io.gpuctl.simulator.model.Nodes.stop;
import static io.gpuctl.simulator.model.Nodes.wholeGpus;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.Work;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The division of energy. {@link NodeModelRandomTest} checks the sums over thousands of runs. */
class EnergyTest {
    private static final long MICROJOULES_PER_JOULE = 1_000_000;

    private final Map<AttemptId, Long> ended = new TreeMap<>();
    private NodeModel node = Nodes.model(COOL);

    @BeforeEach
    void startNode() {
        node = new NodeModel(Nodes.inventory(COOL), Nodes.INCARNATION, Nodes.PHYSICS, START_MS, ended::put);
    }

    @Test
    void anIdleNodeDrawsIdlePower() {
        assertThat(node.energy(START_MS + 10_000))
                .isEqualTo(new NodeEnergy(joules(8 * 60 * 10), 0, joules(8 * 60 * 10)));
    }

    @Test
    void aTaskDrawsWhatItsGpusDraw() {
        node.start(start("a", wholeGpus(0, 1), fullLoad(10_000)), START_MS);
        node.advance(START_MS + 10_000);

        assertThat(ended).containsExactly(Map.entry(attempt("a"), joules(2 * 400 * 10)));
        assertThat(node.energy(START_MS + 10_000))
                .isEqualTo(
                        new NodeEnergy(joules(2 * 400 * 10 + 6 * 60 * 10), joules(2 * 400 * 10), joules(6 * 60 * 10)));
        assertThat(node.telemetry(START_MS + 10_000).gpus().getFirst().sensors().energyMillijoules())
                .isEqualTo(4_000_000);
    }

    @Test
    void tasksOnOneGpuShareIdlePowerAsTheyHoldItAndTheRestAsTheyLoadIt() {
        node.start(start("a", share(0, 500, 1_000), new Work(10_000, 1, 0)), START_MS);
        node.start(start("b", share(0, 250, 1_000), new Work(10_000, 0, 0)), START_MS);
        node.advance(START_MS + 10_000);

        assertThat(ended)
                .containsEntry(attempt("a"), joules((30 + 170) * 10))
                .containsEntry(attempt("b"), joules(15 * 10));
    }

    @Test
    void whatAnAttemptHasDrawnIsReportedWithItsEndAndOnlyOnce() {
        node.start(start("a", wholeGpus(0, 1), fullLoad(10_000)), START_MS);
        node.start(start("b", wholeGpus(2), fullLoad(60_000)), START_MS);

        assertThat(node.advance(START_MS + 10_000))
                .extracting(TaskReport::energyMj)
                .containsExactly(8_000_000L);
        assertThat(node.stop(stop("b"), START_MS + 20_000))
                .extracting(TaskReport::energyMj)
                .containsExactly(8_000_000L);
        assertThat(node.stop(stop("b"), START_MS + 20_000))
                .extracting(TaskReport::energyMj)
                .containsExactly(0L);
    }

    private static long joules(long joules) {
        return joules * MICROJOULES_PER_JOULE;
    }
}
