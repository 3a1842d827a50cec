package io.gpuctl.experiments.trace;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the comment lines of an SWF log say: {@code ; MaxProcs: 128}, and lines without a name that go on from there. */
final class SwfHeader {

    /** A blank after the colon: the addresses that stand in headers have none. */
    private static final Pattern ENTRY = Pattern.compile(";\\s*([A-Za-z][A-Za-z0-9_]*):(?:\\s+(.*))?");

    /** More lines under one name are not kept: each costs a copy of those before. */
    private static final int ENTRY_LENGTH_MAX = 10_000;

    private final Map<String, String> entries = new LinkedHashMap<>();
    private String name = "";

    /** A line that begins with a semicolon. */
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

    /** By name; what stands under one name in several lines is joined with line ends. */
    Map<String, String> entries() {
        return entries;
    }
}
