package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.DcgmField;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.experiments.openmetrics.PastSettings.Detail;
import io.gpuctl.experiments.result.files.AtomicFile;
import io.gpuctl.telemetry.views.NodeRecord;
import io.gpuctl.telemetry.views.PoolMetrics;
import io.gpuctl.telemetry.views.PoolView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Records a past: takes facts and telemetry in the order of time, and writes the series at the end. Without
 * {@link #finish}, no file remains.
 */
public final class PastRecorder implements FactSink, AutoCloseable {
    /** The series of this many GPUs have about 10 million samples at about 1,000 times: 3 GB of text. */
    public static final int GPUS_MAX = 256;

    /** The maximum number of attempts with series: the labels of more attempts would fill the memory. */
    public static final int ATTEMPTS_MAX = 20_000;

    /** Telemetry that is further ahead of the newest record is ignored. */
    private static final long TELEMETRY_AHEAD_MS_MAX = 3_600_000;

    private static final String POOLS_JOB = "gpuctl";
    private static final String NODES_JOB = "gpu";

    private final PastSettings settings;
    private final Path file;
    private final ClusterPast past = new ClusterPast();
    private final NodeSeries nodes = new NodeSeries(past);
    private final SampleTimes times;
    private final SeriesBook book;
    private final Map<Metric, Family> families = new EnumMap<>(Metric.class);
    private final Map<DcgmField, Family> dcgmFamilies = new EnumMap<>(DcgmField.class);
    private final AttemptLimit attempts = new AttemptLimit(ATTEMPTS_MAX);
    private long newestMs;
    private boolean hasTelemetry;
    private boolean leavesGpusOut;

    /**
     * A summary of the written file. Times are the times of the samples, ms since 1970.
     *
     * @param leftOut what has no series, as a text for users; empty if nothing was left out
     */
    public record Summary(
            Path file,
            int series,
            long samples,
            long beginMs,
            long endMs,
            long stepMs,
            boolean hasTelemetry,
            String leftOut) {}

    /**
     * Begins a recording.
     *
     * @param file the file to write at the end; its folder must exist, and holds a temporary file until then
     * @throws IOException if the folder is not writable
     */
    public PastRecorder(PastSettings settings, Path file) throws IOException {
        this.settings = settings;
        this.file = file;
        times = new SampleTimes(settings.stepMs());
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
        book = new SeriesBook(folder);
    }

    @Override
    public void accept(Fact fact) {
        passTo(fact.atMs());
        past.apply(fact);
    }

    /** Takes a sample of a node. */
    public void accept(NodeTelemetry sample) {
        // Samples may have any time: any client can write to the topic.
        if (times.hasBegun() && sample.atMs() - newestMs < TELEMETRY_AHEAD_MS_MAX) {
            passTo(sample.atMs());
            hasTelemetry = true;
            past.apply(sample);
        }
    }

    /** Returns whether the recording has no facts. */
    public boolean isEmpty() {
        return !times.hasBegun();
    }

    /**
     * Takes the samples due before {@code atMs}, so that a sample includes all records of its own time. If the time was
     * set back, takes no new samples until it has caught up.
     */
    private void passTo(long atMs) {
        if (!times.hasBegun()) {
            times.begin(atMs);
        }
        newestMs = Math.max(newestMs, atMs);
        while (times.nextMs() < newestMs) {
            sample(times.nextMs());
            times.taken();
        }
    }

    private void sample(long atMs) {
        past.forgetTelemetryBefore(atMs - settings.telemetryAgeMsMax());
        for (PoolView pool : past.pools()) {
            MetricSink sink = (metric, value, labels) -> add(metric, pool.pool(), null, value, atMs, labels);
            PoolMetrics.collect(pool, atMs, sink);
            past.counts(pool.pool()).collect(pool.pool().value(), sink);
            past.scheduler(pool.pool()).collect(atMs, sink);
            past.delays(pool.pool()).collect((suffix, value, le) -> addDelay(suffix, pool.pool(), value, le, atMs));
        }
        sampleTotals(atMs);
        if (settings.detail() == Detail.POOLS) {
            return;
        }
        boolean withGpus = withGpus();
        for (NodeRecord node : past.nodes()) {
            var sink = new NodeSink(node, atMs);
            nodes.collectNode(node, sink);
            if (withGpus) {
                nodes.collectGpus(node, atMs, sink);
            }
        }
    }

    private void addDelay(String suffix, PoolId pool, double value, @Nullable String le, long atMs) {
        SequencedMap<String, String> labels = new LinkedHashMap<>();
        labels.put("pool", pool.value());
        complete(labels, pool, null);
        String group = Labels.text(labels);
        if (le != null) {
            labels.put("le", le);
        }
        try {
            book.add(DelayHistogram.FAMILY, group, suffix, Labels.text(labels), atMs, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean withGpus() {
        if (settings.detail() != null) {
            return settings.detail() == Detail.GPUS;
        }
        int gpus = 0;
        for (PoolView pool : past.pools()) {
            gpus += pool.gpusTotal();
        }
        leavesGpusOut |= gpus > GPUS_MAX;
        return !leavesGpusOut;
    }

    private void sampleTotals(long atMs) {
        NodeSeries.Totals totals = nodes.totals();
        add(Metric.POOLS, null, null, past.pools().size(), atMs);
        add(Metric.REPORTING_GPUS, null, null, totals.gpus(), atMs);
        if (totals.gpus() > 0) {
            add(Metric.POWER, null, null, totals.watts(), atMs);
            add(Metric.UTILIZATION, null, null, totals.utilization() / totals.gpus(), atMs);
            add(Metric.THROTTLED_GPUS, null, null, totals.throttled(), atMs);
            add(Metric.HOTTEST_GPU, null, null, totals.hottest(), atMs);
        }
    }

    private final class NodeSink implements NodeSeries.Sink {
        private final NodeRecord node;
        private final long atMs;

        NodeSink(NodeRecord node, long atMs) {
            this.node = node;
            this.atMs = atMs;
        }

        @Override
        public void sample(Metric metric, double value, String... labelValues) {
            if (attempts.takes(metric, labelValues)) {
                add(metric, node.inventory().pool(), node, value, atMs, labelValues);
            }
        }

        @Override
        public void sample(DcgmField field, double value, SequencedMap<String, String> labels) {
            SequencedMap<String, String> all = new LinkedHashMap<>(labels);
            complete(all, node.inventory().pool(), node);
            put(dcgmFamilies.computeIfAbsent(field, Family::of), all, atMs, value);
        }
    }

    private void add(
            Metric metric,
            @Nullable PoolId pool,
            @Nullable NodeRecord node,
            double value,
            long atMs,
            String... labelValues) {
        SequencedMap<String, String> labels = new LinkedHashMap<>();
        for (int label = 0; label < labelValues.length; label++) {
            if (!labelValues[label].isEmpty()) { // To Prometheus, an empty label is an absent one.
                labels.put(metric.labels().get(label), labelValues[label]);
            }
        }
        complete(labels, pool, node);
        put(families.computeIfAbsent(metric, Family::of), labels, atMs, value);
    }

    /** Adds the labels that Prometheus would add, and the labels that distinguish pasts. */
    private void complete(SequencedMap<String, String> labels, @Nullable PoolId pool, @Nullable NodeRecord node) {
        if (node != null) {
            labels.put("instance", node.inventory().nodeId().value());
        }
        labels.put("job", node == null ? POOLS_JOB : NODES_JOB);
        if (settings.labels().isEmpty()) {
            labels.putAll(past.policyLabels(pool));
        } else {
            labels.putAll(settings.labels());
        }
    }

    private void put(Family family, SequencedMap<String, String> labels, long atMs, double value) {
        try {
            book.add(family, Labels.text(labels), atMs, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes the series. The file appears complete or not at all.
     *
     * @throws IOException if the file cannot be written
     */
    public Summary finish() throws IOException {
        if (times.hasBegun()) {
            sample(times.nextMs()); // The changes since the last sample.
            times.taken();
        }
        if (leavesGpusOut) {
            book.leaveOut(Family::isOfGpus); // These series began before all nodes had registered.
        }
        long[] samples = {0};
        AtomicFile.write(file, part -> samples[0] = book.write(part, times::keeps, settings.shiftMs()));
        return new Summary(
                file,
                book.seriesCount(),
                samples[0],
                times.beginMs() + settings.shiftMs(),
                times.lastMs() + settings.shiftMs(),
                times.stepMs(),
                hasTelemetry,
                leftOut());
    }

    private String leftOut() {
        if (!past.knowsSchedulers()) {
            return "the scheduler's view of the queue and of free GPUs: the log does not begin with the first fact";
        }
        if (leavesGpusOut) {
            return "series of GPUs, because there are more than %,d GPUs".formatted(GPUS_MAX);
        }
        return attempts.isReached() ? "attempts after the first %,d".formatted(ATTEMPTS_MAX) : "";
    }

    @Override
    public void close() throws IOException {
        book.close();
    }
}
