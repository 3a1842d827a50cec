package io.gpuctl.experiments.spec;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** Reads seeds: numbers and inclusive ranges, as in {@code 1, 5, 42..51}. */
final class Ranges {
    static final String ALLOWED = "whole numbers or ranges of them, as in 42 or 42..51, each once";

    private static final int LENGTH_MAX = 100_000;
    private static final Pattern RANGE = Pattern.compile("(-?\\d{1,18})(?:\\.\\.(-?\\d{1,18}))?");

    private Ranges() {}

    /**
     * Returns the numbers; empty if a text is neither a number nor a range, a range is too long, or a number occurs
     * twice.
     */
    static Optional<List<Long>> parse(List<String> texts) {
        Set<Long> numbers = new LinkedHashSet<>();
        for (String text : texts) {
            Matcher range = RANGE.matcher(text.strip());
            if (!range.matches()) {
                return Optional.empty();
            }
            long first = Long.parseLong(range.group(1));
            long last = range.group(2) == null ? first : Long.parseLong(range.group(2));
            if (last < first || last - first >= LENGTH_MAX) {
                return Optional.empty();
            }
            if (!LongStream.rangeClosed(first, last).allMatch(numbers::add)) {
                return Optional.empty();
            }
        }
        return Optional.of(List.copyOf(numbers));
    }
}
