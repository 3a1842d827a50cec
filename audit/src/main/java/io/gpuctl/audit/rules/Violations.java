package io.gpuctl.audit.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects violations: counts all of them, and keeps the first ones. */
public final class Violations {
    /** Maximum length of a text, in characters: a text may contain a long record. */
    private static final int TEXT_LENGTH_MAX = 1_000;

    private final int keptMax;
    private final List<Violation> kept = new ArrayList<>();
    private long count;

    /** Keeps at most {@code keptMax} violations. */
    public Violations(int keptMax) {
        this.keptMax = keptMax;
    }

    void add(String rule, Place place, String text) {
        count++;
        if (kept.size() < keptMax) {
            kept.add(new Violation(
                    rule, place, text.length() <= TEXT_LENGTH_MAX ? text : text.substring(0, TEXT_LENGTH_MAX) + "..."));
        }
    }

    /** Returns the number of all violations, kept or not. */
    public long count() {
        return count;
    }

    /** Returns the kept violations, in the order in which they were found. */
    public List<Violation> kept() {
        return Collections.unmodifiableList(kept);
    }
}
