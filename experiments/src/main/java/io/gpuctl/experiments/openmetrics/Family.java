package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.DcgmField;
import io.gpuctl.events.metrics.Metric;
import java.util.List;
import java.util.Locale;

/**
 * A family of series, as OpenMetrics declares it.
 *
 * @param order position of the family in a file, in ascending order
 * @param name name without the suffix of its samples
 * @param suffix suffix of the sample names, such as {@code _total} of a counter; the series of a histogram have their
 *     own suffixes
 * @param unit the unit at the end of the name; empty if there is none
 */
record Family(int order, String name, String suffix, Type type, String unit, String help) {
    private static final List<Metric> METRICS = List.of(Metric.values());
    private static final List<DcgmField> FIELDS = List.of(DcgmField.values());
    private static final int DCGM_ORDER = METRICS.size();

    private static final String TOTAL = "_total";
    private static final String INFO = "_info";
    /** The OpenMetrics units that occur in our metric names. */
    private static final List<String> UNITS = List.of("seconds", "joules", "watts", "celsius", "bytes", "ratio");

    /** The metric types of OpenMetrics. */
    enum Type {
        GAUGE,
        COUNTER,
        HISTOGRAM,
        INFO,
        /**
         * The type of DCGM's counters: OpenMetrics requires the suffix {@code _total} for counters, and DCGM's names
         * lack it.
         */
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

    /** Returns a family that comes after the families of our own metrics. */
    static Family of(DcgmField field) {
        return new Family(
                DCGM_ORDER + FIELDS.indexOf(field),
                field.dcgmId(),
                "",
                field.kind() == Metric.Kind.COUNTER ? Type.UNKNOWN : Type.GAUGE,
                "",
                field.help());
    }

    /** Returns whether the family has one or more series for each GPU. */
    boolean isOfGpus() {
        return order >= DCGM_ORDER || METRICS.get(order).labels().contains("gpu");
    }
}
