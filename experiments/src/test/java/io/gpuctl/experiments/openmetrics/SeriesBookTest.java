package io.gpuctl.experiments.openmetrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.DcgmField;
import io.gpuctl.events.metrics.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesBookTest {
    private static final Family GPUS = Family.of(Metric.GPUS);
    private static final Family ENDED = Family.of(Metric.TASKS_ENDED);

    @TempDir
    private Path directory;

    private String written(SeriesBook book) throws IOException {
        Path file = directory.resolve("past.om");
        book.write(file, _ -> true, 0);
        return Files.readString(file);
    }

    /** Works even if the memory holds only one series at a time, or less. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 1_000})
    void writesFamilyByFamilyAndSeriesBySeriesInTheOrderOfTime(int samplesAtOnce) throws IOException {
        try (var book = new SeriesBook(directory, samplesAtOnce)) {
            for (long atMs = 0; atMs <= 30_000; atMs += 15_000) {
                book.add(ENDED, "pool=\"b\"", atMs, atMs / 1_000.0);
                book.add(GPUS, "pool=\"a\"", atMs, 8.5);
                book.add(GPUS, "pool=\"b\"", atMs, 4);
            }

            assertThat(written(book)).isEqualTo("""
                    # TYPE gpuctl_gpus gauge
                    # HELP gpuctl_gpus GPUs of all nodes that ever registered.
                    gpuctl_gpus{pool="a"} 8.5 0
                    gpuctl_gpus{pool="a"} 8.5 15
                    gpuctl_gpus{pool="a"} 8.5 30
                    gpuctl_gpus{pool="b"} 4 0
                    gpuctl_gpus{pool="b"} 4 15
                    gpuctl_gpus{pool="b"} 4 30
                    # TYPE gpuctl_tasks_ended counter
                    # HELP gpuctl_tasks_ended Tasks that ended, including those that the views no longer keep.
                    gpuctl_tasks_ended_total{pool="b"} 0 0
                    gpuctl_tasks_ended_total{pool="b"} 15 15
                    gpuctl_tasks_ended_total{pool="b"} 30 30
                    # EOF
                    """);
        }
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void aCounterNeverFallsAndAGaugeMay() throws IOException {
        try (var book = new SeriesBook(directory)) {
            for (long second : List.of(0L, 1L, 2L)) {
                double value = second == 1 ? 7 : 5;
                book.add(ENDED, "", 1_000 * second, value);
                book.add(GPUS, "", 1_000 * second, value);
            }

            assertThat(written(book))
                    .contains(
                            "gpuctl_tasks_ended_total 5 0\ngpuctl_tasks_ended_total 7 1\ngpuctl_tasks_ended_total 7 2\n")
                    .contains("gpuctl_gpus 5 0\ngpuctl_gpus 7 1\ngpuctl_gpus 5 2\n");
        }
    }

    @Test
    void aHistogramComesPointByPoint() throws IOException {
        var delays = new DelayHistogram();
        try (var book = new SeriesBook(directory, 1)) {
            for (long atMs = 0; atMs <= 15_000; atMs += 15_000) {
                long now = atMs;
                delays.add(40_000 + now);
                for (String pool : List.of("a", "b")) {
                    delays.collect((suffix, value, le) -> add(
                            book, suffix, "pool=\"" + pool + "\"", le == null ? "" : ",le=\"" + le + "\"", now, value));
                }
            }

            List<String> lines = written(book)
                    .lines()
                    .map(line -> line.replace("gpuctl_submission_to_placement_seconds", ""))
                    .filter(line -> !line.contains("le=\"0.") && !line.startsWith("#"))
                    .toList();

            assertThat(lines)
                    .hasSize(2 * 2 * 12)
                    .containsSubsequence(
                            "_bucket{pool=\"a\",le=\"30.0\"} 0 0",
                            "_bucket{pool=\"a\",le=\"60.0\"} 1 0",
                            "_bucket{pool=\"a\",le=\"+Inf\"} 1 0",
                            "_sum{pool=\"a\"} 40 0",
                            "_count{pool=\"a\"} 1 0",
                            "_bucket{pool=\"a\",le=\"1.0\"} 0 15",
                            "_bucket{pool=\"a\",le=\"60.0\"} 2 15",
                            "_count{pool=\"a\"} 2 15",
                            "_bucket{pool=\"b\",le=\"1.0\"} 0 0");
        }
    }

    private static void add(SeriesBook book, String suffix, String group, String more, long atMs, double value) {
        try {
            book.add(DelayHistogram.FAMILY, group, suffix, group + more, atMs, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shiftsTimesAndLeavesOthersOut() throws IOException {
        Path file = directory.resolve("past.om");
        try (var book = new SeriesBook(directory)) {
            for (long atMs : List.of(0L, 500L, 1_000L)) {
                book.add(GPUS, "", atMs, 1e18);
            }

            long samples = book.write(file, atMs -> atMs != 0, 1_767_225_600_000L);

            assertThat(samples).isEqualTo(2);
            assertThat(file).content().contains("gpuctl_gpus 1.0E18 1767225600.500\ngpuctl_gpus 1.0E18 1767225601\n");
        }
    }

    @Test
    void writesWhatOpenMetricsCallsEachFamily() {
        assertThat(Family.of(Metric.POOL_INFO))
                .returns("gpuctl_pool", Family::name)
                .returns(Family.Type.INFO, Family::type)
                .returns("_info", Family::suffix);
        assertThat(Family.of(Metric.LOST_WORK))
                .returns("gpuctl_lost_work_seconds", Family::name)
                .returns("seconds", Family::unit)
                .returns("_total", Family::suffix);
        // The names are DCGM's, because dashboards use them.
        assertThat(Family.of(DcgmField.TOTAL_ENERGY_CONSUMPTION))
                .returns(Family.Type.UNKNOWN, Family::type)
                .returns("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", Family::name)
                .returns("", Family::suffix);
    }

    @Test
    void escapesLabels() {
        var labels = new LinkedHashMap<String, String>();
        labels.put("pool", "a\\b\"c\nd");
        labels.put("policy", "fifo");

        assertThat(Labels.text(labels)).isEqualTo("pool=\"a\\\\b\\\"c\\nd\",policy=\"fifo\"");
    }

    @Test
    void takesAtMostAThousandSamplesOfAnyPast() {
        for (long hours : List.of(1L, 24L, 9_000L)) {
            var times = new SampleTimes(null);
            times.begin(7_000);
            List<Long> taken = LongStream.range(0, Long.MAX_VALUE)
                    .map(_ -> {
                        long atMs = times.nextMs();
                        times.taken();
                        return atMs;
                    })
                    .takeWhile(atMs -> atMs <= hours * 3_600_000)
                    .boxed()
                    .toList();
            List<Long> kept = taken.stream().filter(times::keeps).toList();

            assertThat(kept).hasSizeBetween((int) Math.min(240, 240 * hours), SampleTimes.POINTS_MAX + 1);
            assertThat(kept.getFirst()).isZero();
            for (int place = 1; place < kept.size(); place++) {
                assertThat(kept.get(place) - kept.get(place - 1)).isEqualTo(times.stepMs());
            }
        }
    }
}
