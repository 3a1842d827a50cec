package io.gpuctl.experiments.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.JaroWinklerDistance;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses the intended word from a misspelled one. */
public final class NearMatch {
    /** The number of letters that may be wrong in any word; in a long word, a third of the letters may be wrong. */
    private static final int EDITS_MAX = 2;

    private static final JaroWinklerDistance DISTANCE = new JaroWinklerDistance();

    private NearMatch() {}

    /**
     * Returns the candidate with the fewest edits; empty if none is near. Among equals, returns the most similar one,
     * which prefers swapped letters to wrong ones: srft is srtf, not srsf.
     */
    public static Optional<String> of(String written, Collection<String> candidates) {
        return candidates.stream()
                .filter(candidate -> edits(written, candidate) <= Math.max(EDITS_MAX, candidate.length() / 3))
                .min(Comparator.comparingInt((String candidate) -> edits(written, candidate))
                        .thenComparingDouble(candidate -> DISTANCE.apply(written, candidate)));
    }

    private static int edits(String a, String b) {
        return LevenshteinDistance.getDefaultInstance().apply(a, b);
    }
}
