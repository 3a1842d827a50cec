package io.gpuctl.cli.output;

import picocli.CommandLine.Help.Ansi;

/**
 * Where output goes.
 *
 * @param columns how many characters a line may have
 * @param hasColors whether escapes for colours may stand in it
 */
public record Screen(int columns, boolean hasColors) {

    /** A pipe or a file: lines as long as they are, and plain, for programs. */
    public static final Screen NONE = new Screen(Integer.MAX_VALUE, false);

    /** Of this process's stdout. Colours as NO_COLOR, CLICOLOR and CLICOLOR_FORCE say. */
    public static Screen ofProcess() {
        return Terminal.isInteractive() ? new Screen(Terminal.columns(), Ansi.AUTO.enabled()) : NONE;
    }

    /** The same without an end to its lines. */
    public Screen unbounded() {
        return new Screen(Integer.MAX_VALUE, hasColors);
    }
}
