package io.gpuctl.experiments.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.JaroWinklerDistance;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses what somebody meant who wrote something else. */
public final class NearMatch {
    /** As many letters, of any word, may be wrong; of a long one, a third of them. */
    private static final int EDITS_MAX = 2;

    private static final JaroWinklerDistance DISTANCE = new JaroWinklerDistance();

    private NearMatch() {}

    /**
     * The candidate that takes the fewest edits; of equals the most similar, in which two letters are swapped rather than
     * wrong: srft is srtf, not srsf. Empty if none is near.
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
