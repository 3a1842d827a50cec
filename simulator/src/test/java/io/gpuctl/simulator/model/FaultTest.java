package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.COOL;
import static io.gpuctl.simulator.model.Nodes.FULL_WATTS;
import static io.gpuctl.simulator.model.Nodes.ID;
import static io.gpuctl.simulator.model.Nodes.INCARNATION;
import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.attempt;
import static io.gpuctl.simulator.model.Nodes.cpuOnly;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static io.gpuctl.simulator.model.Nodes.share;
import static io.gpuctl.simulator.model.Nodes.start;
import static io.gpuctl.simulator.model.Nodes.wholeGpus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskReport.Completed;
import io.gpuctl.events.TaskReport.Failed;
import io.gpuctl.events.TaskReport.Faulted;
import io.gpuctl.events.TaskReport.Progressed;
import io.gpuctl.simulator.faults.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {
    private static final long REPAIR_MS = 600_000;

    private final NodeModel node = model(COOL, ProgressReports.NEVER);

    private static NodeModel model(double ambientCelsius, ProgressReports progress) {
        return new NodeModel(
                Nodes.inventory(ambientCelsius),
                INCARNATION,
                Nodes.PHYSICS,
                START_MS,
                EnergyMeter.NONE,
                new NodeModel.Habits(progress, () -> REPAIR_MS));
    }

    private static Fault xid(int number, int gpu) {
        return new Fault(0, ID, FaultKind.XID, number, gpu, REPAIR_MS, 1);
    }

    private static Fault of(FaultKind kind, int gpu, double factor) {
        return new Fault(0, ID, kind, 0, gpu, REPAIR_MS, factor);
    }

    private void startOnTwoGpus() {
        node.start(start("a", share(0, 300, 1_024), fullLoad(3_600_000)), START_MS);
        node.start(start("b", share(0, 300, 1_024), fullLoad(3_600_000)), START_MS);
        node.start(start("c", wholeGpus(1), fullLoad(3_600_000)), START_MS);
    }

    private static List<String> tasks(List<TaskReport> reports) {
        return reports.stream().map(report -> report.attempt().taskId().value()).toList();
    }

    @Test
    void aGpuThatBecameTooHotIsOutUntilItIsRepaired() {
        startOnTwoGpus();

        List<TaskReport> reports = node.fault(of(FaultKind.THERMAL_SHUTDOWN, 0, 1), START_MS + 5_000);

        assertThat(tasks(reports)).containsExactly("a", "b");
        assertThat(reports).allSatisfy(report -> {
            assertThat(report).isInstanceOf(Faulted.class);
            assertThat(((Faulted) report).xid()).isZero();
            assertThat(((Faulted) report).lostMs()).isEqualTo(5_000);
        });
        assertThat(node.events()).singleElement().satisfies(event -> {
            var said = (NodeEvent.Faulted) event;
            assertThat(said.kind()).isEqualTo("thermal_shutdown");
            assertThat(said.gpu()).isZero();
        });
        assertThat(node.running()).containsExactly(attempt("c"));
        assertThat(node.restartMs()).isEqualTo(NodeModel.NEVER);
        assertThat(node.nextEventMs()).isEqualTo(START_MS + 5_000 + REPAIR_MS);

        assertThat(node.start(start("d", wholeGpus(0), fullLoad(1_000)), START_MS + 6_000))
                .singleElement()
                .isInstanceOf(Faulted.class);
        node.advance(START_MS + 5_000 + REPAIR_MS);
        assertThat(node.events())
                .containsExactly(
                        new NodeEvent.GpuRestored(PoolId.DEFAULT, ID, INCARNATION, 0, START_MS + 5_000 + REPAIR_MS));
        node.start(start("e", wholeGpus(0), fullLoad(1_000)), START_MS + 1_000_000);
        assertThat(node.running()).contains(attempt("e"));
    }

    @ParameterizedTest
    @ValueSource(ints = {46, 48, 64, 74, 79, 95, 119, 147})
    void aFatalErrorPutsTheGpuOutUntilTheNodeStartsAnewAfterItsRepair(int number) {
        startOnTwoGpus();

        List<TaskReport> reports = node.fault(xid(number, 1), START_MS + 5_000);

        assertThat(tasks(reports)).containsExactly("c");
        assertThat(node.running()).containsExactly(attempt("a"), attempt("b"));
        assertThat(node.restartMs()).isEqualTo(START_MS + 5_000 + REPAIR_MS);
        node.events();
        node.advance(START_MS + 3_000_000);
        assertThat(node.events()).isEmpty();
        assertThat(node.start(start("d", wholeGpus(1), fullLoad(1_000)), START_MS + 3_000_000))
                .singleElement()
                .isInstanceOf(Faulted.class);
    }

    @Test
    void aProgramsOwnErrorFailsItAndNothingElse() {
        startOnTwoGpus();

        assertThat(node.fault(xid(31, 0), START_MS + 5_000)).singleElement().satisfies(report -> {
            assertThat(((Failed) report).attempt()).isEqualTo(attempt("a"));
            assertThat(((Failed) report).exitCode()).isEqualTo(1);
        });
        assertThat(node.fault(xid(94, 0), START_MS + 6_000)).singleElement().isInstanceOf(Faulted.class);
        assertThat(node.running()).containsExactly(attempt("c"));
        node.start(start("d", wholeGpus(0), fullLoad(1_000)), START_MS + 7_000);
        assertThat(node.running()).contains(attempt("d"));
    }

    @Test
    void aRemappedRowEndsNothing() {
        startOnTwoGpus();

        assertThat(node.fault(xid(63, 0), START_MS + 5_000)).isEmpty();
        assertThat(node.events()).hasSize(1);
        assertThat(node.running()).hasSize(3);
    }

    @Test
    void errorsAreCounted() {
        node.fault(of(FaultKind.ECC_SINGLE_BIT, 2, 1), START_MS + 1);
        node.fault(of(FaultKind.ECC_SINGLE_BIT, 2, 1), START_MS + 2);
        node.fault(xid(94, 2), START_MS + 3);
        node.fault(xid(63, 2), START_MS + 4);
        node.fault(xid(64, 3), START_MS + 4);
        node.fault(of(FaultKind.ECC_SINGLE_BIT, 3, 1), START_MS + 5);

        List<NodeTelemetry.Gpu> gpus = node.telemetry(START_MS + 10).gpus();
        assertThat(gpus.get(2).errors()).isEqualTo(new NodeTelemetry.Errors(63, 2, 1, false, 2, 0, 0));
        assertThat(gpus.get(3).errors()).isEqualTo(new NodeTelemetry.Errors(64, 0, 0, true));
        assertThat(gpus.get(0).errors()).isEqualTo(NodeTelemetry.Errors.NONE);
    }

    @Test
    void aStragglerWorksAtAFactorOfItsPaceUntilItIsRepaired() {
        node.start(start("a", wholeGpus(0), fullLoad(1_000_000)), START_MS);
        node.start(start("cpu", cpuOnly(), fullLoad(1_000_000)), START_MS);

        node.fault(of(FaultKind.STRAGGLER, Fault.WHOLE_NODE, 0.25), START_MS + 100_000);

        // 100 s, then 600 s at a quarter of the pace, then the remaining 750 s.
        assertThat(node.advance(START_MS + 10_000_000))
                .containsExactly(
                        new Completed(
                                new TaskReport.Source(PoolId.DEFAULT, ID, INCARNATION),
                                attempt("a"),
                                1_450_000 * FULL_WATTS,
                                START_MS + 1_450_000),
                        new Completed(
                                new TaskReport.Source(PoolId.DEFAULT, ID, INCARNATION),
                                attempt("cpu"),
                                START_MS + 1_450_000));
        assertThat(node.events()).isEmpty();
    }

    @Test
    void aSlowGpuSlowsWhoRunsOnItOnly() {
        node.start(start("a", wholeGpus(0, 1), fullLoad(100_000)), START_MS);
        node.start(start("b", wholeGpus(2), fullLoad(100_000)), START_MS);

        node.fault(of(FaultKind.STRAGGLER, 1, 0.5), START_MS);

        assertThat(node.advance(START_MS + 10_000_000))
                .extracting(TaskReport::atMs)
                .containsExactly(START_MS + 100_000, START_MS + 200_000);
    }

    @Test
    void whileItIsSlowItSaysSoEachMinuteAndOnceThatItIsNot() {
        NodeModel telling = model(COOL, ProgressReports.WHEN_SLOW);
        telling.start(start("a", wholeGpus(0), fullLoad(3_600_000)), START_MS);
        telling.fault(new Fault(0, ID, FaultKind.STRAGGLER, 0, Fault.WHOLE_NODE, 120_000, 0.5), START_MS + 630_000);

        List<TaskReport> reports = telling.advance(START_MS + 3_000_000);

        assertThat(reports).hasSize(4).allMatch(Progressed.class::isInstance);
        assertThat(reports)
                .extracting(report -> ((Progressed) report).paceMilli())
                .containsExactly(750, 500, 750, 1_000);
        assertThat(reports)
                .extracting(TaskReport::atMs)
                .containsExactly(START_MS + 660_000, START_MS + 720_000, START_MS + 780_000, START_MS + 840_000);
        assertThat(((Progressed) reports.getFirst()).progressMs()).isEqualTo(645_000);
    }

    @Test
    void atFullPaceItSaysNothingThoughACheckpointTakesItsTime() {
        NodeModel telling = model(COOL, ProgressReports.WHEN_SLOW);
        telling.start(start("a", wholeGpus(0), fullLoad(150_000).withCheckpoints(30_000, 10_000)), START_MS);

        assertThat(telling.advance(START_MS + 130_000)).isNotEmpty().noneMatch(Progressed.class::isInstance);
    }

    @Test
    void aGpuThatGetsTooHotShutsDownByItself() {
        // The lowest clock leads to 95 C, above the 92 C at which the GPU shuts down.
        NodeModel scorching = model(82, ProgressReports.NEVER);
        scorching.start(start("a", wholeGpus(0), fullLoad(3_600_000)), START_MS);

        List<TaskReport> reports = scorching.advance(START_MS + 3_000_000);

        assertThat(reports).singleElement().isInstanceOf(Faulted.class);
        long atMs = reports.getFirst().atMs();
        assertThat(scorching.events()).hasSize(2).satisfies(events -> {
            assertThat(((NodeEvent.Faulted) events.getFirst()).kind()).isEqualTo("thermal_shutdown");
            assertThat(events.getFirst().atMs()).isEqualTo(atMs);
            assertThat(events.get(1)).isInstanceOf(NodeEvent.GpuRestored.class);
            assertThat(events.get(1).atMs()).isEqualTo(atMs + REPAIR_MS);
        });
        NodeModel twin = model(82, ProgressReports.NEVER);
        twin.start(start("a", wholeGpus(0), fullLoad(3_600_000)), START_MS);
        twin.advance(atMs - 1);
        assertThat(twin.telemetry(atMs - 1).gpus().getFirst().temperatureCelsius())
                .isBetween(91.9, 92.0);
    }

    @Test
    void aGpuThatIsOutHasNothingMoreToLose() {
        node.fault(of(FaultKind.THERMAL_SHUTDOWN, 0, 1), START_MS);
        node.events();

        assertThat(node.fault(xid(48, 0), START_MS + 10)).isEmpty();
        assertThat(node.events()).isEmpty();
        assertThat(node.restartMs()).isEqualTo(NodeModel.NEVER);
    }

    @Test
    void heatDecidesWhetherAFaultComesAbout() {
        startOnTwoGpus(); // A minute later, the GPUs are at about 50 C.
        Fault fault = new Fault(0, ID, FaultKind.XID, 79, 0, REPAIR_MS, 1, 60);

        assertThat(node.isWarmEnough(fault, START_MS + 1_000)).isFalse();
        assertThat(node.fault(fault, START_MS + 1_000)).isEmpty();
        assertThat(node.events()).isEmpty();

        NodeModel warm = model(45, ProgressReports.NEVER);
        warm.start(start("a", wholeGpus(0), fullLoad(3_600_000)), START_MS);
        assertThat(warm.isWarmEnough(fault, START_MS + 600_000)).isTrue();
        assertThat(warm.fault(fault, START_MS + 600_000)).hasSize(1);
    }

    @Test
    void aCrashIsNotForTheNodeItself() {
        assertThatThrownBy(() -> node.fault(of(FaultKind.NODE_CRASH, Fault.WHOLE_NODE, 1), START_MS))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
