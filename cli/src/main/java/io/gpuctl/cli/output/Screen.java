package io.gpuctl.cli.output;

import picocli.CommandLine.Help.Ansi;

/**
 * The place where output is shown.
 *
 * @param columns the maximum number of characters in a line
 * @param hasColors whether lines may contain escapes for colours
 */
public record Screen(int columns, boolean hasColors) {

    /** A pipe or a file: lines of any length without colours, for programs. */
    public static final Screen NONE = new Screen(Integer.MAX_VALUE, false);

    /** Returns the screen of this process's stdout. NO_COLOR, CLICOLOR and CLICOLOR_FORCE decide on colours. */
    public static Screen ofProcess() {
        return Terminal.isInteractive() ? new Screen(Terminal.columns(), Ansi.AUTO.enabled()) : NONE;
    }

    /** Returns this screen without a limit on the length of lines. */
    public Screen unbounded() {
        return new Screen(Integer.MAX_VALUE, hasColors);
    }
}
