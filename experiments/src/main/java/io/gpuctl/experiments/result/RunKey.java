package io.gpuctl.experiments.result;

import java.math.BigDecimal;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a run of an experiment. The order is that of the files: by experiment, workload and policy as text, then
 * by load and seed as numbers. Runs without a load come first.
 *
 * @param load the submitted load, for example 1.3 times the cluster's capacity, without trailing zeros: 1.30 is 1.3;
 *     null if the workload keeps its own load
 */
public record RunKey(
        String experiment,
        String workload,
        String policy,
        @Nullable BigDecimal load,
        long seed) implements Comparable<RunKey> {

    private static final Comparator<RunKey> ORDER = Comparator.comparing(RunKey::experiment)
            .thenComparing(RunKey::workload)
            .thenComparing(RunKey::policy)
            .thenComparing(RunKey::load, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingLong(RunKey::seed);

    public RunKey {
        load = load == null ? null : load.stripTrailingZeros();
    }

    /** Returns the load in decimals, such as {@code 1.3} or {@code 10}; empty if there is none. */
    public String loadText() {
        return load == null ? "" : load.toPlainString();
    }

    @Override
    public int compareTo(RunKey other) {
        return ORDER.compare(this, other);
    }
}
