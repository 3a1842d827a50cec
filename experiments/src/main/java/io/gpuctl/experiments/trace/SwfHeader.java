package io.gpuctl.experiments.trace;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The entries in the comment lines of an SWF log: lines such as {@code ; MaxProcs: 128}, and lines without a name that
 * continue an entry.
 */
final class SwfHeader {

    /** Requires a blank after the colon, to tell entries from the web addresses in headers. */
    private static final Pattern ENTRY = Pattern.compile(";\\s*([A-Za-z][A-Za-z0-9_]*):(?:\\s+(.*))?");

    /** Lines that continue an entry beyond this length are dropped, because each appended line copies the entry. */
    private static final int ENTRY_LENGTH_MAX = 10_000;

    private final Map<String, String> entries = new LinkedHashMap<>();
    private String name = "";

    /** Adds a line that begins with a semicolon. */
    void add(String line) {
        Matcher entry = ENTRY.matcher(line);
        if (entry.matches()) {
            name = entry.group(1);
            append(Objects.requireNonNullElse(entry.group(2), "").strip());
        } else if (!name.isEmpty()) {
            append(line.substring(1).strip());
        }
    }

    private void append(String text) {
        if (!text.isEmpty() && entries.getOrDefault(name, "").length() < ENTRY_LENGTH_MAX) {
            entries.merge(name, text, (before, more) -> before + "\n" + more);
        }
    }

    /** Returns the entries by name; the lines of an entry are joined with line ends. */
    Map<String, String> entries() {
        return entries;
    }
}
