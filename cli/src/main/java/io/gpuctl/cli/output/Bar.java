package io.gpuctl.cli.output;

/** A share as a bar of block characters, in eighths of a character. */
public final class Bar {

    private static final String EIGHTHS = " \u258f\u258e\u258d\u258c\u258b\u258a\u2589";
    private static final char FULL = '\u2588';
    private static final int PER_CHARACTER = EIGHTHS.length();

    private Bar() {}

    /**
     * Always as wide as that. What is not nothing is seen.
     *
     * @param share 0 to 1; what is outside counts as the end that it is nearer to
     */
    public static String of(double share, int width) {
        int units = (int) Math.round(Math.clamp(share, 0, 1) * width * PER_CHARACTER);
        if (units == 0 && share > 0) {
            units = 1;
        }
        int whole = units / PER_CHARACTER;
        String bar = String.valueOf(FULL).repeat(whole);
        return whole == width ? bar : bar + EIGHTHS.charAt(units % PER_CHARACTER) + " ".repeat(width - whole - 1);
    }
}
