package io.gpuctl.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.workload.RunReport.Throughput;
import io.gpuctl.cli.workload.RunSummary.GpuAllocation;
import io.gpuctl.cli.workload.RunSummary.Percentiles;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.TaskState;
import io.gpuctl.experiments.trace.ReadingNotes;
import io.gpuctl.experiments.trace.ReadingNotes.FieldWithoutCounterpart;
import io.gpuctl.experiments.trace.ReadingNotes.RowsLeftOut;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunReportTest {

    private final RunReport report = new RunReport(
            new RunSummary(
                    new RunStatus(0, 5, Map.of(TaskState.COMPLETED, 2, TaskState.REJECTED, 1), 0, 8_000),
                    Map.of(Code.GPU_MODEL_MISMATCH, 1),
                    3,
                    1,
                    new Percentiles(2, 60_000, 65_000, 65_000, 65_000),
                    new Percentiles(0, 0, 0, 0, 0),
                    new GpuAllocation(10_000, 0.25, 1.0, List.of(0.5, 0.0))),
            Refusals.NONE.plusRejection("InsufficientGpus").plusOther("x: no"),
            new Throughput(100, Duration.ofSeconds(20), 4, Duration.ofSeconds(2)),
            new ReadingNotes(
                    List.of(new FieldWithoutCounterpart("qos", 8_152, "a task has none")),
                    List.of(new RowsLeftOut(7, "it did not run")),
                    List.of("all pods arrive at once"),
                    Map.of()));

    @Test
    void countsWhatTheApiRefusedAmongTheRejected() {
        assertThat(report.toText())
                .contains("completed      2\n", "rejected       2\n", "sum            4\n")
                .contains("rejected: 1 GpuModelMismatch", "rejected: 1 InsufficientGpus", "the first was x: no");
        assertThat(report.toJson().at("/tasks_by_state/rejected").asInt()).isEqualTo(2);
    }

    @Test
    void tellsThroughputAndWhatTheSpeedMeans() {
        assertThat(report.toText())
                .contains("3 attempts were repeated. 4 submissions in 2s, 2.0/s; wall time 20s.")
                .contains("At speed 100 each millisecond of the services' own delay counts as 0.1s of simulated time.");
    }

    @Test
    void tellsWhatOfTheWorkloadItDidNotUse() {
        assertThat(report.toText())
                .contains("qos                        8152  a task has none")
                .contains("left out: 7 rows, it did not run", "assumed:  all pods arrive at once");
        assertThat(report.toJson()
                        .at("/workload_notes/fields_without_counterpart/0/rows")
                        .asInt())
                .isEqualTo(8_152);
    }

    @Test
    void noLineEndsWithABlank() {
        assertThat(report.toText().lines()).noneMatch(line -> line.endsWith(" "));
    }
}
