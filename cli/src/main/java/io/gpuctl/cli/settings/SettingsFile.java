package io.gpuctl.cli.settings;

import io.gpuctl.events.input.BoundedText;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.events.units.PlainText;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file with settings for all services and for single services. */
final class SettingsFile {

    /** 1 Mi characters: a thousand times the length of the longest settings file. */
    private static final int TEXT_LENGTH_MAX = 1 << 20;

    private final Path path;
    private final Map<Name, Entry> entries;

    private SettingsFile(Path path, Map<Name, Entry> entries) {
        this.path = path;
        this.entries = entries;
    }

    /** A key, and the service that it applies to; an empty section applies to all services. */
    record Name(String section, String key) {}

    /** A setting in a file. {@code line} counts from 1. */
    record Entry(Name name, String value, int line) {}

    /**
     * Reads the file as YAML or as properties, depending on its name.
     *
     * @throws SettingsFileException if the file cannot be read, or contains an invalid setting
     */
    static SettingsFile read(Path file, SettingNames names) {
        String name = String.valueOf(file.getFileName());
        boolean isYaml = name.endsWith(".yaml") || name.endsWith(".yml");
        if (!isYaml && !name.endsWith(".properties")) {
            throw new SettingsFileException(
                    "--config: %s must end in .yaml, .yml or .properties, which names its format".formatted(file));
        }
        String text = text(file);
        List<Entry> entries = isYaml
                ? YamlSettings.read(file, text, names::isSection)
                : PropertiesSettings.read(file, text, names::isSection);
        var byName = new LinkedHashMap<Name, Entry>();
        for (Entry entry : entries) {
            names.problem(entry.name().section(), PlainText.escaped(entry.name().key()))
                    .ifPresent(problem -> {
                        throw wrong(file, entry.line(), problem);
                    });
            Entry earlier = byName.putIfAbsent(entry.name(), entry);
            if (earlier != null) {
                throw wrong(
                        file,
                        entry.line(),
                        "'%s' is already set in line %d".formatted(entry.name().key(), earlier.line()));
            }
        }
        return new SettingsFile(file, byName);
    }

    private static String text(Path file) {
        var whole = new StringWriter();
        try (var reader = BoundedText.whole(Files.newBufferedReader(file), TEXT_LENGTH_MAX)) {
            reader.transferTo(whole);
        } catch (CharacterCodingException e) {
            throw new SettingsFileException("--config: %s is not UTF-8 text".formatted(file), e);
        } catch (IOException e) {
            throw new SettingsFileException(
                    "--config: %s cannot be read: %s".formatted(file, FileFailure.reason(e)), e);
        }
        return whole.toString();
    }

    static SettingsFileException wrong(Path file, int line, String problem) {
        return new SettingsFileException("--config: %s, line %d: %s".formatted(file, line, problem));
    }

    /** Returns the setting for a service. The section of the service wins over the part for all services. */
    Optional<Setting> find(String section, String key) {
        return Optional.ofNullable(entries.get(new Name(section, key)))
                .or(() -> Optional.ofNullable(entries.get(new Name("", key))))
                .map(entry -> new Setting(entry.value(), new Setting.Line(path, entry.line())));
    }
}
