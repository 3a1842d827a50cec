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

/** Writes the files of an experiment from its finished runs: the same bytes in whatever order those came about. */
public final class ResultFiles {

    static final String METRICS = "metrics.csv";
    static final String SUMMARY = "summary.csv";
    static final String ENERGY = "energy.csv";
    static final String TASKS = "tasks.parquet";
    static final String REPORT = "report.html";

    private ResultFiles() {}

    /**
     * Writes {@code metrics.csv}, {@code energy.csv}, {@code tasks.parquet}, {@code summary.csv} and {@code report.html}, each wholly or not
     * at all. Holds one run in memory at a time.
     *
     * @param planned all runs of the experiment; the report has workloads and policies in their order. Those that are not
     *     finished are left out, and the report says how many
     * @return what they tell, by run but for the seed; workloads and policies in the order of {@code planned}
     */
    public static List<RunGroup> write(
            Path directory, ExperimentDescription description, RunStore store, Collection<RunKey> planned)
            throws IOException {
        SortedSet<RunKey> ordered = new TreeSet<>(planned);
        List<RunGroup> groups = writeRuns(directory, store, ordered);
        AtomicFile.write(directory.resolve(SUMMARY), path -> SummaryCsv.write(path, groups));
        List<RunGroup> shown = inOrderOf(planned, groups);
        String report = HtmlReport.of(description, shown, ordered.size());
        AtomicFile.write(directory.resolve(REPORT), path -> Files.writeString(path, report));
        return shown;
    }

    /** As the experiment names its workloads and policies; loads ascend. */
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

    /** One pass over the runs, in order: reading them is what takes the time. */
    private static List<RunGroup> writeRuns(Path directory, RunStore store, SortedSet<RunKey> ordered)
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
                                    Optional<RunResult> finished = store.find(key);
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
