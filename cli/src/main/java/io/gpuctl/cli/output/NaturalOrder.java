package io.gpuctl.cli.output;

import java.util.Comparator;
import java.util.regex.Pattern;

/** The order that people expect of names that contain numbers: 2 before 10, node-9 before node-10. */
public final class NaturalOrder {

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** The number of digits of the longest number in an identifier. */
    private static final int WIDTH = 128;

    /** Names that differ only in leading zeros are ordered as text. */
    public static final Comparator<String> COMPARATOR =
            Comparator.comparing(NaturalOrder::padded).thenComparing(Comparator.naturalOrder());

    private NaturalOrder() {}

    private static String padded(String name) {
        return NUMBER.matcher(name)
                .replaceAll(number ->
                        "0".repeat(Math.max(0, WIDTH - number.group().length())) + number.group());
    }
}
