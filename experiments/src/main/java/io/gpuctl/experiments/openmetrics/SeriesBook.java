package io.gpuctl.experiments.openmetrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The series of a past. Samples come in the order of time, but OpenMetrics requires them family by family and series by
 * series. So they are spilled to a file, which is read several times; each pass sorts the samples of some series in
 * memory.
 */
final class SeriesBook implements AutoCloseable {
    /** Number of samples in memory at once, which take 16 MiB. */
    private static final int SAMPLES_AT_ONCE = 1 << 20;

    private final SampleSpill spill;
    private final int samplesAtOnce;
    /**
     * The series by order of their family, then by group. The series of a group are written together, time by time:
     * those of a histogram, else a single series.
     */
    private final SortedMap<Integer, Map<String, Map<String, Series>>> families = new TreeMap<>();

    private int count;

    /** Spills samples to a file in {@code folder}. */
    SeriesBook(Path folder) throws IOException {
        this(folder, SAMPLES_AT_ONCE);
    }

    /** Holds {@code samplesAtOnce} samples in memory, for tests. */
    SeriesBook(Path folder, int samplesAtOnce) throws IOException {
        spill = new SampleSpill(folder);
        this.samplesAtOnce = samplesAtOnce;
    }

    /**
     * Takes a sample that is not older than the series' last one. A counter that would fall keeps its last value.
     *
     * @param labels as {@link Labels} writes them
     */
    void add(Family family, String labels, long atMs, double value) throws IOException {
        add(family, labels, family.suffix(), labels, atMs, value);
    }

    /**
     * Takes a sample of a series that is one of several, such as a bucket of a histogram.
     *
     * @param group identifies the series that belong together
     * @param suffix suffix of the series' name
     */
    void add(Family family, String group, String suffix, String labels, long atMs, double value) throws IOException {
        Series series = families.computeIfAbsent(family.order(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(group, _ -> new LinkedHashMap<>())
                .computeIfAbsent(suffix + labels, _ -> new Series(count++, family, suffix, labels));
        spill.add(series.number, atMs, series.next(value));
    }

    private Stream<Collection<Series>> groups() {
        return families.values().stream()
                .flatMap(groups -> groups.values().stream())
                .map(Map::values);
    }

    int seriesCount() {
        return groups().mapToInt(Collection::size).sum();
    }

    /** Forgets all series of these families. */
    void leaveOut(Predicate<Family> unwanted) {
        families.values()
                .removeIf(groups -> groups.values().stream()
                        .flatMap(group -> group.values().stream())
                        .anyMatch(series -> unwanted.test(series.family)));
    }

    /**
     * Writes the samples of these times.
     *
     * @param shiftMs added to each time
     * @return how many samples were written
     */
    long write(Path file, LongPredicate times, long shiftMs) throws IOException {
        try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            var text = new OpenMetricsText(out, shiftMs);
            for (List<Collection<Series>> together : portions()) {
                write(together, times, text);
            }
            return text.end();
        }
    }

    /**
     * Returns the groups in order, in portions that fit into memory; a group that is too large is a portion of its own.
     */
    private List<List<Collection<Series>>> portions() {
        List<List<Collection<Series>>> portions = new ArrayList<>();
        List<Collection<Series>> portion = new ArrayList<>();
        long samples = 0;
        for (Collection<Series> group : groups().toList()) {
            long more = group.stream().mapToLong(Series::samples).sum();
            if (samples + more > samplesAtOnce && !portion.isEmpty()) {
                portions.add(portion);
                portion = new ArrayList<>();
                samples = 0;
            }
            portion.add(group);
            samples += more;
        }
        portions.add(portion);
        return portions;
    }

    private void write(List<Collection<Series>> together, LongPredicate times, OpenMetricsText text)
            throws IOException {
        var portion = new Portion(count);
        together.forEach(group -> group.forEach(portion::add));
        portion.read(spill, times);
        for (Collection<Series> group : together) {
            portion.write(group, text);
        }
    }

    @Override
    public void close() throws IOException {
        spill.close();
    }

    /** The samples of some series, in memory. */
    private static final class Portion {
        /**
         * The index of each series' first sample, by the number of the series; -1 if the series is not in this portion.
         */
        private final int[] begins;

        private int[] ends = {};
        /** The next sample of each series to write. */
        private int[] places = {};

        private int samples;
        private long[] atMs = {};
        private double[] values = {};

        Portion(int seriesCount) {
            begins = new int[seriesCount];
            Arrays.fill(begins, -1);
        }

        void add(Series series) {
            begins[series.number] = samples;
            samples += series.samples();
        }

        void read(SampleSpill spill, LongPredicate times) throws IOException {
            ends = begins.clone();
            places = begins.clone();
            atMs = new long[samples];
            values = new double[samples];
            spill.forEach((series, at, value) -> {
                if (begins[series] >= 0 && times.test(at)) {
                    int place = ends[series]++;
                    atMs[place] = at;
                    values[place] = value;
                }
            });
        }

        /** Writes the samples time by time, and at each time the series in their order. */
        void write(Collection<Series> group, OpenMetricsText text) throws IOException {
            while (true) {
                long nextMs = Long.MAX_VALUE;
                for (Series series : group) {
                    int place = places[series.number];
                    nextMs = place < ends[series.number] ? Math.min(nextMs, atMs[place]) : nextMs;
                }
                if (nextMs == Long.MAX_VALUE) {
                    return;
                }
                for (Series series : group) {
                    int place = places[series.number];
                    if (place < ends[series.number] && atMs[place] == nextMs) {
                        text.sample(series, nextMs, values[place]);
                        places[series.number]++;
                    }
                }
            }
        }
    }
}
