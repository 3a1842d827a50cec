package io.gpuctl.cli.output;

import io.gpuctl.events.units.PlainText;
import java.util.stream.Collectors;

/** Text that others wrote, as it goes to a terminal: names, reasons and file contents must not steer it. */
public final class Printable {

    private Printable() {}

    /** In one line: line ends and tabs become blanks, other control characters escapes. */
    public static String line(String text) {
        return PlainText.escaped(text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' '));
    }

    /** In as many lines as it has. JSON and YAML mean the same after this as before. */
    public static String lines(String text) {
        return text.lines().map(PlainText::escaped).collect(Collectors.joining("\n"));
    }
}
