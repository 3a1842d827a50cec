package io.gpuctl.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.gpuctl.experiments.expect.Comparison;
import io.gpuctl.experiments.expect.PublishedFile;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.spec.ExperimentFile;
import io.gpuctl.experiments.spec.Overrides;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reproduces the published allocation of six placements, with two of the ten seeds. The traces are public, but not in
 * this repository. {@code gpuctl experiment run experiments/fgd-openb.yaml} runs the whole experiment.
 */
class FgdPublishedTest {
    private static final Path TRACES = Path.of("../../shared/traces");

    /**
     * Allowed difference between the mean of two seeds and the published mean of ten others. The policies differ by up
     * to nine points.
     */
    private static final double TOLERANCE_POINTS = 1.5;

    @TempDir
    private Path directory;

    @Test
    void sixPlacementsFillTheGpusAsPublished() throws Exception {
        assumeThat(Files.isDirectory(TRACES.resolve("fgd-expected")))
                .as("the openb traces are not at %s: nothing to compare with", TRACES.toAbsolutePath())
                .isTrue();
        var experiment = ExperimentFile.read(
                Path.of("../experiments/fgd-openb.yaml"), Overrides.of(List.of("seeds=42..43")), Map.of());
        var runner = new ExperimentRunner(Plan.of(experiment), directory, 2, RunListener.NONE, () -> false);

        List<Comparison> comparisons = Comparison.of(
                        PublishedFile.read(TRACES.resolve("fgd-expected/expected.csv")),
                        runner.run().groups(),
                        TOLERANCE_POINTS)
                .stream()
                .filter(comparison -> comparison.published().metric() == Metric.ALLOCATED)
                .toList();

        comparisons.forEach(comparison -> System.out.printf(
                "%-15s published %s %%, ours %s %%%n",
                comparison.policy(), comparison.published().value(), comparison.rounded()));
        assertThat(comparisons).hasSize(6).allMatch(one -> one.verdict() == Comparison.Verdict.MET);
    }
}
