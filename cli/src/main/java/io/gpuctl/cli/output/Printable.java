package io.gpuctl.cli.output;

import io.gpuctl.events.units.PlainText;
import java.util.stream.Collectors;

/**
 * Makes foreign text safe to print on a terminal: names, reasons and file contents must not send control sequences to
 * the terminal.
 */
public final class Printable {

    private Printable() {}

    /** Returns the text as one line. Line ends and tabs become blanks; other control characters become escapes. */
    public static String line(String text) {
        return PlainText.escaped(text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' '));
    }

    /** Returns the text with its line ends kept. JSON and YAML keep their meaning. */
    public static String lines(String text) {
        return text.lines().map(PlainText::escaped).collect(Collectors.joining("\n"));
    }
}
