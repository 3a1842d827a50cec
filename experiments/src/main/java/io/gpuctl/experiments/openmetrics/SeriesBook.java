package io.gpuctl.experiments.openmetrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * The series of a past. Samples come in the order of time, and are written family by family and series by series, as
 * OpenMetrics wants it: they are spilled to a file, which is read as often as it takes to put the samples of some series
 * after the other in memory.
 */
final class SeriesBook implements AutoCloseable {
    /** 16 MiB in memory. */
    private static final int SAMPLES_AT_ONCE = 1 << 20;

    private final SampleSpill spill;
    private final int samplesAtOnce;
    private final SortedMap<Integer, Map<String, Series>> families = new TreeMap<>();
    private int count;

    /** One series; {@code samples}: how many it has. */
    private static final class Series {
        final int number;
        final Family family;
        final String labels;
        int samples;
        double last = Double.NEGATIVE_INFINITY;

        Series(int number, Family family, String labels) {
            this.number = number;
            this.family = family;
            this.labels = labels;
        }
    }

    /** {@code folder}: where samples are spilled to. */
    SeriesBook(Path folder) throws IOException {
        this(folder, SAMPLES_AT_ONCE);
    }

    /** For tests: with so many samples in memory. */
    SeriesBook(Path folder, int samplesAtOnce) throws IOException {
        spill = new SampleSpill(folder);
        this.samplesAtOnce = samplesAtOnce;
    }

    /**
     * Takes a sample, not older than the one before it of the same series. A counter that would fall stays where it was.
     *
     * @param labels as {@link Labels} writes them
     */
    void add(Family family, String labels, long atMs, double value) throws IOException {
        Series series = families.computeIfAbsent(family.order(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(labels, text -> new Series(count++, family, text));
        series.samples++;
        series.last = family.type() == Family.Type.COUNTER ? Math.max(series.last, value) : value;
        spill.add(series.number, atMs, series.last);
    }

    int seriesCount() {
        return families.values().stream().mapToInt(Map::size).sum();
    }

    /** Forgets all series of these families. */
    void leaveOut(Predicate<Family> unwanted) {
        families.values()
                .removeIf(family -> unwanted.test(family.values().iterator().next().family));
    }

    /**
     * Writes the samples of these times.
     *
     * @param shiftMs is added to each time
     * @return how many samples were written
     */
    long write(Path file, LongPredicate times, long shiftMs) throws IOException {
        try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            var text = new OpenMetricsText(out, shiftMs);
            for (List<Series> together : portions()) {
                write(together, times, text);
            }
            return text.end();
        }
    }

    /** The series in order, in portions that fit into memory; one that is too large is alone. */
    private List<List<Series>> portions() {
        List<List<Series>> portions = new ArrayList<>();
        List<Series> portion = new ArrayList<>();
        long samples = 0;
        for (Map<String, Series> family : families.values()) {
            for (Series series : family.values()) {
                if (samples + series.samples > samplesAtOnce && !portion.isEmpty()) {
                    portions.add(portion);
                    portion = new ArrayList<>();
                    samples = 0;
                }
                portion.add(series);
                samples += series.samples;
            }
        }
        portions.add(portion);
        return portions;
    }

    private void write(List<Series> together, LongPredicate times, OpenMetricsText text) throws IOException {
        int[] begins = new int[count];
        Arrays.fill(begins, -1);
        int samples = 0;
        for (Series series : together) {
            begins[series.number] = samples;
            samples += series.samples;
        }
        int[] ends = begins.clone();
        long[] atMs = new long[samples];
        double[] values = new double[samples];
        spill.forEach((series, at, value) -> {
            if (begins[series] >= 0 && times.test(at)) {
                int place = ends[series]++;
                atMs[place] = at;
                values[place] = value;
            }
        });
        for (Series series : together) {
            for (int place = begins[series.number]; place < ends[series.number]; place++) {
                text.sample(series.family, series.labels, atMs[place], values[place]);
            }
        }
    }

    @Override
    public void close() throws IOException {
        spill.close();
    }
}
