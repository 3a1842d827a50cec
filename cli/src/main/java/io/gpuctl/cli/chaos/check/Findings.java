package io.gpuctl.cli.chaos.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The violations that the check found. Counts all of them; keeps the first hundred. */
public final class Findings {
    private static final int KEPT_MAX = 100;

    /**
     * A violation.
     *
     * @param rule the rule that is violated
     * @param place topic-partition@offset of the record that violates it
     */
    public record Finding(String rule, String place, String text) {
        @Override
        public String toString() {
            return "%s: %s: %s".formatted(rule, place, text);
        }
    }

    private final List<Finding> kept = new ArrayList<>();
    private long count;

    void add(String rule, String place, String text) {
        count++;
        if (kept.size() < KEPT_MAX) {
            kept.add(new Finding(rule, place, text));
        }
    }

    public long count() {
        return count;
    }

    /** Returns the first hundred findings. */
    public List<Finding> kept() {
        return Collections.unmodifiableList(kept);
    }
}
