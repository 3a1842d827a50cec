package io.gpuctl.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.spec.Experiment;
import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.simulator.cluster.FaultsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same file and the same seed give the same bytes. */
class DeterminismTest {
    private static final List<String> FILES = List.of("metrics.csv", "summary.csv", "tasks.parquet", "report.html");

    @TempDir
    private Path directory;

    static Stream<String> policies() {
        return Stream.concat(Policies.names().stream(), Stream.of("tiresias+fgd", "srtf+random", "arrival+best-fit"));
    }

    @Test
    void runsAreInTheOrderOfTheFile() {
        Plan plan = Plan.of(Experiments.drawn(Experiment.Kind.TRACE, List.of("srtf", "arrival", "fifo"), 2, 1));

        assertThat(plan.runs()).extracting(RunKey::policy).containsSubsequence("srtf", "arrival", "fifo");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aPolicyDoesTwiceTheSame(String policy) {
        Experiment experiment = Experiments.drawn(Experiment.Kind.TRACE, List.of(policy), 2, 150);

        List<String> first = checksums(experiment);

        assertThat(checksums(experiment)).isEqualTo(first);
        assertThat(first).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "intelligent", "srtf+fgd"})
    void whatBreaksBreaksTwiceTheSame(String policy) {
        Experiment calm = Experiments.drawn(Experiment.Kind.TRACE, List.of(policy), 2, 150);
        Experiment broken = calm.withFaults(FaultsFile.realistic().scaled(5_000));

        List<String> first = checksums(broken);

        assertThat(checksums(broken)).isEqualTo(first);
        assertThat(first).doesNotHaveDuplicates().doesNotContainAnyElementsOf(checksums(calm));
    }

    @Test
    void theMetricsOfFaultsAreInTheFiles() throws Exception {
        Experiment experiment = Experiments.drawn(Experiment.Kind.TRACE, List.of("fifo"), 2, 100)
                .withFaults(FaultsFile.realistic().scaled(5_000));

        String metrics = new String(run(experiment, "alone", 1).get("metrics.csv"), StandardCharsets.UTF_8);

        assertThat(run(experiment, "together", 2)).containsExactlyEntriesOf(run(experiment, "again", 1));
        assertThat(metrics)
                .contains(",goodput_pct,", ",lost_gpu_hours,", ",out_of_service_gpu_hours,", ",mttr_s,")
                .contains(",faults_xid,", ",faults_partition,", ",requeues_hardware_fault,", ",requeues_node_lost,");
    }

    /** Returns the checksum of each run's facts. Reads all inputs of the plan anew. */
    private static List<String> checksums(Experiment experiment) {
        Plan plan = Plan.of(experiment);
        return plan.runs().stream().map(key -> checksum(plan, key)).toList();
    }

    private static String checksum(Plan plan, RunKey key) {
        var checksum = new FactChecksum();
        FinishedRun run = plan.run(key, checksum);
        assertThat(run.events()).isGreaterThan(150);
        return checksum.hex();
    }

    @Test
    void theFilesDoNotDependOnTheNumberOfThreads() throws Exception {
        Experiment experiment = Experiments.drawn(Experiment.Kind.TRACE, List.of("fifo", "random", "tiresias"), 3, 60);

        Map<String, byte[]> alone = run(experiment, "alone", 1);
        Map<String, byte[]> together = run(experiment, "together", 4);

        assertThat(together).containsExactlyEntriesOf(alone);
    }

    @Test
    void anExperimentThatWasStoppedGoesOnToTheSameFiles() throws Exception {
        Experiment experiment = Experiments.drawn(Experiment.Kind.PACKING, List.of("fgd", "random"), 3, 60);
        Map<String, byte[]> whole = run(experiment, "whole", 1);
        Path stopped = directory.resolve("stopped");
        var counter = new RunCounter();
        var first = new ExperimentRunner(Plan.of(experiment), stopped, 1, counter, () -> counter.runs.get() == 2);

        ExperimentRunner.Summary summary = first.run().summary();
        assertThat(summary.isComplete()).isFalse();
        assertThat(counter.events).isEqualTo(summary.events());
        assertThat(stopped.resolve("report.html")).doesNotExist();
        var second = new ExperimentRunner(Plan.of(experiment), stopped, 2, RunListener.NONE, () -> false);
        assertThat(second.missing()).hasSize(4);
        assertThat(second.run().summary().before()).isEqualTo(2);

        assertThat(files(stopped)).containsExactlyEntriesOf(whole);
    }

    @Test
    void aRunThatCannotBeSavedFailsTheExperiment() throws Exception {
        Experiment experiment = Experiments.drawn(Experiment.Kind.PACKING, List.of("fgd", "random"), 3, 60);
        Path full = directory.resolve("full");
        var runner = new ExperimentRunner(Plan.of(experiment), full, 2, RunListener.NONE, () -> false);
        Files.delete(full.resolve("runs"));

        assertThatThrownBy(runner::run)
                .isInstanceOf(RunFailedException.class)
                .hasMessageContaining("failed: ")
                .hasRootCauseInstanceOf(NoSuchFileException.class);
    }

    private static final class RunCounter implements RunListener {
        private final AtomicInteger runs = new AtomicInteger();
        private long events;

        @Override
        public void advanced(long more) {
            events += more;
        }

        @Override
        public void finished(RunKey key) {
            runs.incrementAndGet();
        }
    }

    private Map<String, byte[]> run(Experiment experiment, String name, int threads) throws Exception {
        Path into = directory.resolve(name);
        new ExperimentRunner(Plan.of(experiment), into, threads, RunListener.NONE, () -> false).run();
        return files(into);
    }

    private static Map<String, byte[]> files(Path into) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String file : FILES) {
            files.put(file, Files.readAllBytes(into.resolve(file)));
        }
        return files;
    }
}
