package io.gpuctl.cli.settings;

import io.gpuctl.cli.settings.SettingsFile.Entry;
import io.gpuctl.cli.settings.SettingsFile.Name;
import io.gpuctl.events.units.PlainText;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;

/** Settings as Java properties; {@code api.port} is the setting {@code port} of the service {@code api}. */
final class PropertiesSettings {

    private PropertiesSettings() {}

    static List<Entry> read(Path file, String text, Predicate<String> isSection) {
        List<Entry> entries = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            int first = i;
            var logical = new StringBuilder(lines.get(i));
            while (isContinued(logical) && i + 1 < lines.size()) {
                i++;
                logical.append('\n').append(lines.get(i));
            }
            var one = parsed(file, logical.toString(), first + 1);
            for (String name : one.stringPropertyNames()) {
                entries.add(new Entry(name(name, isSection), one.getProperty(name), first + 1));
            }
        }
        return entries;
    }

    /** Parses one line at a time, since {@link Properties} does not report line numbers. */
    private static Properties parsed(Path file, String logicalLine, int number) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(logicalLine));
        } catch (IllegalArgumentException e) {
            throw SettingsFile.wrong(file, number, "not a line of a properties file: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    /** A line continues if it ends with an odd number of backslashes; a comment never continues. */
    private static boolean isContinued(StringBuilder line) {
        String text = line.toString();
        String stripped = text.stripLeading();
        if (stripped.startsWith("#") || stripped.startsWith("!")) {
            return false;
        }
        int end = text.length();
        int begin = end;
        while (begin > 0 && text.charAt(begin - 1) == '\\') {
            begin--;
        }
        return (end - begin) % 2 == 1;
    }

    private static Name name(String written, Predicate<String> isSection) {
        String name = PlainText.escaped(written);
        int dot = name.indexOf('.');
        return dot > 0 && isSection.test(name.substring(0, dot))
                ? new Name(name.substring(0, dot), name.substring(dot + 1))
                : new Name("", name);
    }
}
