package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.COOL;
import static io.gpuctl.simulator.model.Nodes.FULL_WATTS;
import static io.gpuctl.simulator.model.Nodes.HOT;
import static io.gpuctl.simulator.model.Nodes.ID;
import static io.gpuctl.simulator.model.Nodes.INCARNATION;
import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.attempt;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static io.gpuctl.simulator.model.Nodes.start;
import static io.gpuctl.simulator.model.Nodes.stop;
import static io.gpuctl.simulator.model.Nodes.wholeGpus;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskReport.Checkpointed;
import io.gpuctl.events.TaskReport.Completed;
import io.gpuctl.events.TaskReport.Faulted;
import io.gpuctl.events.TaskReport.Source;
import io.gpuctl.events.TaskReport.Stopped;
import io.gpuctl.events.Work;
import io.gpuctl.simulator.faults.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    private static final Source SOURCE = new Source(PoolId.DEFAULT, ID, INCARNATION);
    /** Three checkpoints, at 10, 20 and 30 s of work, and none at the end. */
    private static final Work WORK = fullLoad(40_000).withCheckpoints(10_000, 2_000);

    private final NodeModel node = Nodes.model(COOL);

    private static Fault gpuLost(long repairMs) {
        return new Fault(0, ID, FaultKind.XID, 79, 0, repairMs, 1);
    }

    @Test
    void eachCostsTimeAndIsReportedWhenItIsSaved() {
        node.start(start("a", wholeGpus(0), WORK), START_MS);

        assertThat(node.advance(START_MS + 1_000_000))
                .containsExactly(
                        new Checkpointed(SOURCE, attempt("a"), 10_000, START_MS + 12_000),
                        new Checkpointed(SOURCE, attempt("a"), 20_000, START_MS + 24_000),
                        new Checkpointed(SOURCE, attempt("a"), 30_000, START_MS + 36_000),
                        new Completed(SOURCE, attempt("a"), 46_000 * FULL_WATTS, START_MS + 46_000));
    }

    @Test
    void countsFromWhatAnEarlierAttemptHasSaved() {
        var resumed = new StartAttempt(PoolId.DEFAULT, attempt("a"), wholeGpus(0), WORK, 20_000, START_MS);
        node.start(resumed, START_MS);

        assertThat(node.advance(START_MS + 1_000_000))
                .containsExactly(
                        new Checkpointed(SOURCE, attempt("a"), 30_000, START_MS + 12_000),
                        new Completed(SOURCE, attempt("a"), 22_000 * FULL_WATTS, START_MS + 22_000));
    }

    @Test
    void aStopGoesBackToTheNewest() {
        node.start(start("a", wholeGpus(0), WORK), START_MS);

        // The first checkpoint is saved at 12 s. The second is due at 22 s, and saved at 24 s.
        assertThat(last(node.stop(stop("a"), START_MS + 19_500)))
                .isEqualTo(new Stopped(SOURCE, attempt("a"), 10_000, 7_500, 19_500 * FULL_WATTS, START_MS + 19_500));
    }

    @Test
    void aStopWhileItSavesLosesWhatIsNotSavedYet() {
        node.start(start("a", wholeGpus(0), WORK), START_MS);

        assertThat(last(node.stop(stop("a"), START_MS + 23_999)))
                .isEqualTo(new Stopped(SOURCE, attempt("a"), 10_000, 10_000, 23_999 * FULL_WATTS, START_MS + 23_999));
    }

    @Test
    void withoutCheckpointsAStopSavesAllAndAFaultNothing() {
        node.start(start("a", wholeGpus(1), fullLoad(60_000)), START_MS);
        node.start(start("b", wholeGpus(0), fullLoad(60_000)), START_MS);

        assertThat(last(node.stop(stop("a"), START_MS + 7_000)))
                .isEqualTo(new Stopped(SOURCE, attempt("a"), 7_000, 0, 7_000 * FULL_WATTS, START_MS + 7_000));
        assertThat(lost(node.fault(gpuLost(1_000), START_MS + 8_000))).isEqualTo(8_000);
    }

    @Test
    void aFaultLosesWhatWasDoneSinceTheNewest() {
        node.start(start("a", wholeGpus(0), WORK), START_MS);

        assertThat(lost(node.fault(gpuLost(1_000), START_MS + 15_000))).isEqualTo(3_000);
    }

    @Test
    void aThrottledAttemptSavesLater() {
        NodeModel hot = Nodes.model(HOT);
        hot.start(start("a", wholeGpus(0), fullLoad(3_600_000).withCheckpoints(1_800_000, 60_000)), START_MS);
        List<TaskReport> reports = hot.advance(START_MS + 100_000_000);

        NodeModel same = Nodes.model(HOT);
        same.start(start("a", wholeGpus(0), fullLoad(1_800_000)), START_MS);
        long halfMs = same.advance(START_MS + 100_000_000).getFirst().atMs();

        assertThat(halfMs).isGreaterThan(START_MS + 1_810_000);
        assertThat(reports.getFirst()).isEqualTo(new Checkpointed(SOURCE, attempt("a"), 1_800_000, halfMs + 60_000));
    }

    @Test
    void onesThatCostNothingMoveNoEnd() {
        node.start(start("a", wholeGpus(0), fullLoad(3_000).withCheckpoints(1_000, 0)), START_MS);

        assertThat(node.advance(START_MS + 10_000))
                .extracting(TaskReport::atMs)
                .containsExactly(START_MS + 1_000, START_MS + 2_000, START_MS + 3_000);
    }

    private static TaskReport last(List<TaskReport> reports) {
        return reports.getLast();
    }

    private static long lost(List<TaskReport> reports) {
        return ((Faulted) reports.getLast()).lostMs();
    }
}
