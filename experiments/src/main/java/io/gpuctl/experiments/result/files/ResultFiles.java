package io.gpuctl.experiments.result.files;

import io.gpuctl.experiments.result.ExperimentDescription;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.report.HtmlReport;
import io.gpuctl.experiments.result.summary.Grouping;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Writes the files of an experiment from its finished runs. The bytes do not depend on the order in which runs
 * finished.
 */
public final class ResultFiles {

    static final String METRICS = "metrics.csv";
    static final String SUMMARY = "summary.csv";
    static final String ENERGY = "energy.csv";
    static final String TASKS = "tasks.parquet";
    static final String REPORT = "report.html";

    private ResultFiles() {}

    /**
     * Writes {@code metrics.csv}, {@code energy.csv}, {@code tasks.parquet}, {@code summary.csv} and
     * {@code report.html}, each completely or not at all. Holds one run in memory at a time.
     *
     * @param planned all runs of the experiment, whose order sets that of workloads and policies in the report.
     *     Unfinished runs are left out, and the report says how many there are
     * @return groups of runs that differ only by their seed; workloads and policies in the order of {@code planned}
     */
    public static List<RunGroup> write(
            Path directory, ExperimentDescription description, FinishedRuns runs, Collection<RunKey> planned)
            throws IOException {
        SortedSet<RunKey> ordered = new TreeSet<>(planned);
        List<RunGroup> groups = writeRuns(directory, runs, ordered);
        AtomicFile.write(directory.resolve(SUMMARY), path -> SummaryCsv.write(path, groups));
        List<RunGroup> shown = inOrderOf(planned, groups);
        String report = HtmlReport.of(description, shown, ordered.size());
        AtomicFile.write(directory.resolve(REPORT), path -> Files.writeString(path, report));
        return shown;
    }

    /** Returns the groups in the experiment's order of workloads and policies; loads ascend. */
    private static List<RunGroup> inOrderOf(Collection<RunKey> planned, List<RunGroup> groups) {
        List<String> workloads =
                planned.stream().map(RunKey::workload).distinct().toList();
        List<String> policies = planned.stream().map(RunKey::policy).distinct().toList();
        return groups.stream()
                .sorted(Comparator.comparingInt((RunGroup group) ->
                                workloads.indexOf(group.key().workload()))
                        .thenComparingInt(group -> policies.indexOf(group.key().policy())))
                .toList();
    }

    /** Writes the files of single runs in one pass over the runs, because reading the runs takes most of the time. */
    private static List<RunGroup> writeRuns(Path directory, FinishedRuns runs, SortedSet<RunKey> ordered)
            throws IOException {
        Grouping grouping = new Grouping();
        AtomicFile.write(
                directory.resolve(METRICS),
                metricsPath -> AtomicFile.write(
                        directory.resolve(ENERGY),
                        energyPath -> AtomicFile.write(directory.resolve(TASKS), tasksPath -> {
                            try (var metrics = new MetricsCsv(metricsPath);
                                    var energy = new EnergyCsv(energyPath);
                                    var tasks = new TasksParquet(tasksPath)) {
                                for (RunKey key : ordered) {
                                    Optional<RunResult> finished = runs.find(key);
                                    if (finished.isPresent()) {
                                        metrics.add(finished.get());
                                        energy.add(finished.get());
                                        tasks.add(finished.get());
                                        grouping.add(finished.get());
                                    }
                                }
                            }
                        })));
        return grouping.groups();
    }
}
