package io.gpuctl.experiments.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.gpuctl.experiments.published.MuriRun.Cluster;
import io.gpuctl.experiments.published.MuriRun.Order;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Reproduces the published values to every digit. The traces are public, but not in this repository. */
class MuriPublishedTest {
    private static final Path TRACES = Path.of("../../shared/traces/muri");

    /** The policies of the publication that this test runs, by their names in the published table. */
    private static final Map<String, Order> ORDERS = new TreeMap<>(
            Map.of("SRTF", Order.SRTF, "SRSF", Order.SRSF, "Tiresias_L", Order.TIRESIAS, "Tiresias", Order.TIRESIAS));

    private record Published(String trace, String policy, String metric, String value) {}

    @Test
    void everyPublishedDigitComesOut() {
        assumeThat(Files.isDirectory(TRACES))
                .as("the Muri traces are not at %s: nothing to compare with", TRACES.toAbsolutePath())
                .isTrue();
        Map<String, MuriSummary> summaries = new TreeMap<>();
        List<String> differences = new ArrayList<>();
        for (Published published : published()) {
            Order order = ORDERS.get(published.policy());
            if (order == null) {
                continue;
            }
            MuriSummary summary = summaries.computeIfAbsent(
                    published.trace() + " " + published.policy(),
                    run -> MuriSummary.of(MuriRun.run(trace(published.trace()), order, Cluster.PUBLISHED)));
            BigDecimal value = new BigDecimal(published.value());
            BigDecimal ours =
                    new BigDecimal(metric(published.metric(), summary)).setScale(value.scale(), RoundingMode.HALF_EVEN);
            System.out.printf(
                    "%-10s %-10s %-10s published %18s, ours %18s%n",
                    published.trace(), published.policy(), published.metric(), value, ours);
            if (value.compareTo(ours) != 0) {
                differences.add(published + ", but here " + ours);
            }
        }
        assertThat(differences).isEmpty();
        assertThat(summaries).hasSize(11);
    }

    private static double metric(String name, MuriSummary summary) {
        return switch (name) {
            case "avg_jct_s" -> summary.averageJctSeconds();
            case "makespan_s" -> summary.makespanSeconds();
            case "p99_jct_s" -> summary.p99JctSeconds();
            default -> throw new AssertionError(name);
        };
    }

    private static List<Published> published() {
        try {
            return Files.readAllLines(TRACES.resolve("published.csv")).stream()
                    .skip(1)
                    .map(line -> line.split(","))
                    .map(row -> new Published(row[0], row[1], row[2], row[3]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<MuriWork> trace(String name) {
        Path file = TRACES.resolve(name + ".csv.gz");
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return lines.lines().skip(1).map(line -> job(line.split(","))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MuriWork job(String[] row) {
        return MuriWork.of(
                Integer.parseInt(row[0]),
                Integer.parseInt(row[1]),
                Double.parseDouble(row[2]),
                Long.parseLong(row[3]),
                Double.parseDouble(row[8]),
                row[4]);
    }
}
