package io.gpuctl.cli.output;

/** Shows a share as a bar of block characters, in steps of an eighth of a character. */
public final class Bar {

    private static final String EIGHTHS = " \u258f\u258e\u258d\u258c\u258b\u258a\u2589";
    private static final char FULL = '\u2588';
    private static final int PER_CHARACTER = EIGHTHS.length();

    private Bar() {}

    /**
     * Returns a bar of exactly this width. Any share above 0 is visible.
     *
     * @param share 0 to 1; values outside are clamped
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
