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
import static io.gpuctl.simulator.model.Nodes.stop;
import static io.gpuctl.simulator.model.Nodes.wholeGpus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskReport.Completed;
import io.gpuctl.events.TaskReport.Failed;
import io.gpuctl.events.TaskReport.Source;
import io.gpuctl.events.TaskReport.Started;
import io.gpuctl.events.TaskReport.Stopped;
import io.gpuctl.events.Work;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NodeModelTest {
    private static final Source SOURCE = new Source(PoolId.DEFAULT, ID, INCARNATION);

    private final NodeModel node = Nodes.model(COOL);

    @Test
    void reportsTheStart() {
        var reports = node.start(start("a", wholeGpus(0), fullLoad(60_000)), START_MS + 5);

        assertThat(reports).containsExactly(new Started(SOURCE, attempt("a"), START_MS + 5));
        assertThat(node.running()).containsExactly(attempt("a"));
        assertThat(node.nextEventMs()).isEqualTo(START_MS + 60_005);
    }

    @Test
    void reportsTheEndAtItsOwnTimeHoweverLateItIsAsked() {
        node.start(start("a", wholeGpus(0), fullLoad(60_000)), START_MS);

        var reports = node.advance(START_MS + 1_000_000);

        assertThat(reports)
                .containsExactly(new Completed(SOURCE, attempt("a"), 60_000 * FULL_WATTS, START_MS + 60_000));
        assertThat(node.running()).isEmpty();
        assertThat(node.nextEventMs()).isEqualTo(NodeModel.NEVER);
    }

    @Test
    void reportsInTheOrderOfTimeThenOfIds() {
        node.start(start("late", wholeGpus(0), fullLoad(3000)), START_MS);
        node.start(start("b", cpuOnly(), Work.lasting(2000)), START_MS);
        node.start(start("a", wholeGpus(1), fullLoad(2000)), START_MS);

        assertThat(node.advance(START_MS + 5000))
                .extracting(report -> report.attempt().taskId().value())
                .containsExactly("a", "b", "late");
    }

    @Test
    void failsWithTheExitCodeOfTheWork() {
        node.start(start("a", wholeGpus(0), new Work(1000, 0.5, 3)), START_MS);

        assertThat(node.advance(START_MS + 1000))
                .containsExactly(new Failed(
                        SOURCE,
                        attempt("a"),
                        3,
                        "The program ended with exit code 3",
                        1000 * (60 + 340 / 2),
                        START_MS + 1000));
    }

    @Test
    void goesOnFromTheProgressOfAnEarlierAttempt() {
        var command = new StartAttempt(PoolId.DEFAULT, attempt("a"), wholeGpus(0), fullLoad(60_000), 45_000, START_MS);

        node.start(command, START_MS);

        assertThat(node.nextEventMs()).isEqualTo(START_MS + 15_000);
    }

    @Test
    void completesEmptyWorkAtOnce() {
        assertThat(node.start(start("a", wholeGpus(0), fullLoad(0)), START_MS))
                .containsExactly(
                        new Started(SOURCE, attempt("a"), START_MS), new Completed(SOURCE, attempt("a"), START_MS));
    }

    @Test
    void reportsWhatEndedBeforeAStartFirst() {
        node.start(start("a", wholeGpus(0), fullLoad(1000)), START_MS);

        assertThat(node.start(start("b", wholeGpus(0), fullLoad(1000)), START_MS + 1000))
                .containsExactly(
                        new Completed(SOURCE, attempt("a"), 1000 * FULL_WATTS, START_MS + 1000),
                        new Started(SOURCE, attempt("b"), START_MS + 1000));
    }

    @Test
    void stopsWhatRuns() {
        node.start(start("a", wholeGpus(0), fullLoad(60_000)), START_MS);

        assertThat(node.stop(stop("a"), START_MS + 10))
                .containsExactly(new Stopped(SOURCE, attempt("a"), 10, 0, 10 * FULL_WATTS, START_MS + 10));
        assertThat(node.advance(START_MS + 100_000)).isEmpty();
    }

    @Test
    void savesWhatItHasDoneWhenItIsStopped() {
        var resumed = new StartAttempt(
                start("a", wholeGpus(0), fullLoad(60_000)).pool(),
                attempt("a"),
                wholeGpus(0),
                fullLoad(60_000),
                20_000,
                START_MS);
        node.start(resumed, START_MS);

        assertThat(node.stop(stop("a"), START_MS + 15_000))
                .containsExactly(new Stopped(SOURCE, attempt("a"), 35_000, 0, 15_000 * FULL_WATTS, START_MS + 15_000));
    }

    @Test
    void answersAStopOfWhatItHasDone() {
        node.start(start("a", wholeGpus(0), fullLoad(10)), START_MS);
        node.advance(START_MS + 20);

        assertThat(node.stop(stop("a"), START_MS + 30))
                .containsExactly(new Stopped(SOURCE, attempt("a"), 0, START_MS + 30));
    }

    @Test
    void neverStartsWhatItSaidItWouldNotRun() {
        var stopped = node.stop(stop("a"), START_MS);
        var started = node.start(start("a", wholeGpus(0), fullLoad(10)), START_MS + 1);

        assertThat(stopped).containsExactly(new Stopped(SOURCE, attempt("a"), 0, START_MS));
        assertThat(started).isEmpty();
    }

    @Test
    void ignoresARepeatedStart() {
        var command = start("a", wholeGpus(0), fullLoad(1000));
        node.start(command, START_MS);

        assertThat(node.start(command, START_MS + 10)).isEmpty();
        assertThat(node.start(command, START_MS + 1000)).hasSize(1).hasOnlyElementsOfType(Completed.class);
        assertThat(node.start(command, START_MS + 2000)).isEmpty();
    }

    @Test
    void ignoresARepeatedStartOfWhatItRefused() {
        var command = start("a", wholeGpus(8), fullLoad(1000));

        assertThat(node.start(command, START_MS)).hasSize(1);
        assertThat(node.start(command, START_MS)).isEmpty();
    }

    @Test
    void startsTheNextAttemptOfATask() {
        node.start(start("a", wholeGpus(0), fullLoad(0)), START_MS);
        var second = new StartAttempt(
                PoolId.DEFAULT, new AttemptId(attempt("a").taskId(), 2), wholeGpus(0), fullLoad(1000), 0, START_MS);

        assertThat(node.start(second, START_MS)).hasSize(1).hasOnlyElementsOfType(Started.class);
    }

    @Test
    void forgetsTheOldestOfWhatItHasDone() {
        for (int i = 0; i <= DoneAttempts.REMEMBERED_MAX; i++) {
            node.start(start("t" + i, cpuOnly(), Work.lasting(0)), START_MS);
        }

        assertThat(node.start(start("t1", cpuOnly(), Work.lasting(0)), START_MS))
                .isEmpty();
        assertThat(node.start(start("t0", cpuOnly(), Work.lasting(0)), START_MS))
                .hasSize(2);
    }

    @Test
    void ignoresCommandsForAnotherIncarnation() {
        var allocation = new Allocation(ID, INCARNATION - 1, List.of(0), 1000, 0, 0, 0);

        assertThat(node.start(start("a", allocation, fullLoad(10)), START_MS)).isEmpty();
        assertThat(node.stop(new StopAttempt(PoolId.DEFAULT, ID, INCARNATION - 1, attempt("a"), 0), START_MS))
                .isEmpty();
    }

    static Stream<Arguments> tooMuch() {
        return Stream.of(
                Arguments.of(wholeGpus(8), "There is no GPU 8: this node has 8"),
                Arguments.of(wholeGpus(1, 1), "The same GPU is named twice: [1, 1]"),
                Arguments.of(share(2, 0, 0), "GPUs [2] are named, but no share of them"),
                Arguments.of(share(0, 501, 0), "501 milli of GPU 0 are asked for, 500 are free"),
                Arguments.of(share(0, 500, 41_921), "41921 MiB of memory of GPU 0 are asked for, 41920 are free"),
                Arguments.of(share(1, 1, -1), "-1 MiB of memory of GPU 1 are asked for, 81920 are free"),
                Arguments.of(
                        new Allocation(ID, INCARNATION, List.of(), 0, 0, 127_001, 0),
                        "127001 CPU milli are asked for, 127000 are free"),
                Arguments.of(
                        new Allocation(ID, INCARNATION, List.of(), 0, 0, 0, 1_048_576),
                        "1048576 MiB of memory are asked for, 1047552 are free"));
    }

    @ParameterizedTest
    @MethodSource("tooMuch")
    void refusesWhatDoesNotFit(Allocation allocation, String reason) {
        node.start(start("first", share(0, 500, 40_000), fullLoad(10_000)), START_MS);

        var reports = node.start(start("second", allocation, fullLoad(10_000)), START_MS + 1);

        assertThat(reports).containsExactly(new Failed(SOURCE, attempt("second"), -1, reason, START_MS + 1));
        assertThat(node.running()).containsExactly(attempt("first"));
    }

    @Test
    void givesBackWhatAnAttemptHeld() {
        for (int i = 0; i < 3; i++) {
            node.start(start("run" + i, wholeGpus(0, 1, 2, 3, 4, 5, 6, 7), fullLoad(1000)), START_MS + i * 1000L);
        }

        assertThat(node.running()).containsExactly(attempt("run2"));
    }

    @Test
    void sharesAGpu() {
        node.start(start("a", share(3, 500, 10_000), new Work(100_000, 0.8, 0)), START_MS);
        node.start(start("b", share(3, 250, 20_000), new Work(100_000, 0.4, 0)), START_MS);

        var gpu = node.telemetry(START_MS + 1).gpus().get(3);

        assertThat(gpu.utilization()).isCloseTo(0.5, within(1e-12));
        assertThat(gpu.memoryUsedMib()).isEqualTo(30_000);
        assertThat(gpu.powerWatts()).isCloseTo(60 + 340 * 0.5, within(1e-9));
        assertThat(gpu.smClockMhz()).isEqualTo(1410);
    }

    @Test
    void measuresIdleGpus() {
        var gpus = node.telemetry(START_MS).gpus();

        assertThat(gpus).hasSize(8).allSatisfy(gpu -> {
            assertThat(gpu.utilization()).isZero();
            assertThat(gpu.powerWatts()).isEqualTo(60);
            assertThat(gpu.temperatureCelsius()).isBetween(34.0, 35.0);
            assertThat(gpu.smClockMhz()).isEqualTo(210);
            assertThat(gpu.throttled()).isFalse();
        });
    }

    @Test
    void doesNotMeasurePastAnEnd() {
        node.start(start("a", wholeGpus(0), fullLoad(1000)), START_MS);

        assertThatThrownBy(() -> node.telemetry(START_MS + 1000)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void takesATimeThatGoesBackForTheLatest() {
        node.advance(START_MS + 1000);

        assertThat(node.start(start("a", wholeGpus(0), fullLoad(10)), START_MS))
                .extracting(TaskReport::atMs)
                .containsExactly(START_MS + 1000);
    }
}
