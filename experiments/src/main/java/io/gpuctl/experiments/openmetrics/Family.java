package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.DcgmField;
import io.gpuctl.events.metrics.Metric;
import java.util.List;
import java.util.Locale;

/**
 * A family of series, as OpenMetrics declares it.
 *
 * @param order where it stands in a file, from the lowest
 * @param name without what its samples add to it
 * @param suffix what its samples add to the name: {@code _total} of a counter; those of a histogram say for themselves
 * @param unit empty if the name does not end with one
 */
record Family(int order, String name, String suffix, Type type, String unit, String help) {
    private static final List<Metric> METRICS = List.of(Metric.values());
    private static final List<DcgmField> FIELDS = List.of(DcgmField.values());
    private static final int DCGM_ORDER = METRICS.size();

    private static final String TOTAL = "_total";
    private static final String INFO = "_info";
    /** OpenMetrics' units, as far as our names end with them. */
    private static final List<String> UNITS = List.of("seconds", "joules", "watts", "celsius", "bytes", "ratio");

    /** As OpenMetrics calls them. */
    enum Type {
        GAUGE,
        COUNTER,
        HISTOGRAM,
        INFO,
        /** Of DCGM's counters: OpenMetrics wants {@code _total} at the end of a counter's samples, and DCGM has none. */
        UNKNOWN;

        boolean isCounted() {
            return this == COUNTER || this == HISTOGRAM;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Family of(Metric metric) {
        String name = metric.prometheusName();
        return switch (metric.kind()) {
            case COUNTER -> of(metric, name, TOTAL, Type.COUNTER);
            case GAUGE -> name.endsWith(INFO) ? of(metric, name, INFO, Type.INFO) : of(metric, name, "", Type.GAUGE);
            case HISTOGRAM -> of(metric, name, "", Type.HISTOGRAM);
        };
    }

    private static Family of(Metric metric, String sampleName, String suffix, Type type) {
        String name = sampleName.substring(0, sampleName.length() - suffix.length());
        String unit = UNITS.stream()
                .filter(one -> name.endsWith("_" + one))
                .findFirst()
                .orElse("");
        return new Family(METRICS.indexOf(metric), name, suffix, type, unit, metric.help());
    }

    /** After all of ours. */
    static Family of(DcgmField field) {
        return new Family(
                DCGM_ORDER + FIELDS.indexOf(field),
                field.dcgmId(),
                "",
                field.kind() == Metric.Kind.COUNTER ? Type.UNKNOWN : Type.GAUGE,
                "",
                field.help());
    }

    /** Whether it has a series, or several, for each GPU. */
    boolean isOfGpus() {
        return order >= DCGM_ORDER || METRICS.get(order).labels().contains("gpu");
    }
}
