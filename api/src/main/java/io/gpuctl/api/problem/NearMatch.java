package io.gpuctl.api.problem;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that a mistyped name probably means: the name at the smallest Levenshtein distance. */
public final class NearMatch {

    /** Longer texts are not mistyped names. */
    private static final int LENGTH_MAX = 64;

    private NearMatch() {}

    /** Returns the nearest known name, the first if several are equally near; empty if all are far. */
    public static Optional<String> of(String typed, Collection<String> known) {
        if (typed.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        String given = typed.toLowerCase(Locale.ROOT);
        String nearest = null;
        int nearestDistance = Integer.MAX_VALUE;
        for (String name : known) {
            int distance = isPartOf(given, name) ? 1 : distance(given, name);
            if (distance < nearestDistance && distance <= Math.max(2, name.length() / 3)) {
                nearest = name;
                nearestDistance = distance;
            }
        }
        return Optional.ofNullable(nearest);
    }

    private static boolean isPartOf(String given, String name) {
        return given.length() >= 3 && (name.startsWith(given) || name.endsWith(given));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
