package io.gpuctl.audit.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects violations: counts all of them, and keeps the first. */
public final class Violations {
    /** A record in a text may be long: nobody reads more of it. */
    private static final int TEXT_LENGTH_MAX = 1_000;

    private final int keptMax;
    private final List<Violation> kept = new ArrayList<>();
    private long count;

    /** Keeps at most so many. */
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

    /** All of them, kept or not. */
    public long count() {
        return count;
    }

    /** In the order in which they were found. */
    public List<Violation> kept() {
        return Collections.unmodifiableList(kept);
    }
}
