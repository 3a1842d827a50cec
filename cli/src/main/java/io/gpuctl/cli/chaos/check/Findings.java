package io.gpuctl.cli.chaos.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the check found wrong. All are counted; the first hundred are kept. */
public final class Findings {
    private static final int KEPT_MAX = 100;

    /**
     * One thing that is wrong.
     *
     * @param rule which rule it breaks
     * @param place topic-partition@offset of the record that breaks it
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

    /** The first hundred. */
    public List<Finding> kept() {
        return Collections.unmodifiableList(kept);
    }
}
