package io.gpuctl.events.units;

/** A number of things for people: {@code 1 node}, {@code 2,500 nodes}. */
public final class Counted {

    private Counted() {}

    /** Formats a count. {@code one} is a noun whose plural adds an s. */
    public static String of(long count, String one) {
        return "%,d %s%s".formatted(count, one, count == 1 ? "" : "s");
    }
}
