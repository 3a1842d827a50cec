package io.gpuctl.experiments.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what somebody meant who wrote something else. */
final class NearMatch {
    /** As many letters, of any word, may be wrong; of a long one, a third of them. */
    private static final int EDITS_MAX = 2;

    private NearMatch() {}

    /** The candidate that takes the fewest edits, the first of equals; empty if none is near. */
    static Optional<String> of(String written, Collection<String> candidates) {
        return candidates.stream()
                .filter(candidate -> edits(written, candidate) <= Math.max(EDITS_MAX, candidate.length() / 3))
                .min(Comparator.comparingInt(candidate -> edits(written, candidate)));
    }

    /** Levenshtein's distance: letters to insert, delete or replace. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
