package io.gpuctl.cli.settings;

import io.gpuctl.cli.settings.SettingsFile.Entry;
import io.gpuctl.cli.settings.SettingsFile.Name;
import io.gpuctl.events.units.PlainText;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Settings in YAML. Values are used exactly as they are written, so that {@code 007} or {@code no} mean the same as on
 * the command line. A list stands for a comma-separated value, a group for {@code KEY=VALUE,KEY=VALUE}.
 */
final class YamlSettings {

    private final Path file;
    private final Predicate<String> isSection;
    private final List<Entry> entries = new ArrayList<>();

    private YamlSettings(Path file, Predicate<String> isSection) {
        this.file = file;
        this.isSection = isSection;
    }

    static List<Entry> read(Path file, String text, Predicate<String> isSection) {
        var reading = new YamlSettings(file, isSection);
        Node root = reading.root(text);
        if (root != null) {
            reading.readAll(root);
        }
        return reading.entries;
    }

    /** Returns the root node; null for a file that contains only comments. */
    private @Nullable Node root(String text) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw SettingsFile.wrong(file, line, "not valid YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new SettingsFileException("--config: %s is not valid YAML: %s".formatted(file, e.getMessage()), e);
        }
    }

    private void readAll(Node root) {
        for (var tuple : mapping(root, "the file").getValue()) {
            String key = key(tuple.getKeyNode());
            if (isSection.test(key)) {
                if (!isNothing(tuple.getValueNode())) { // A section whose settings are commented out.
                    mapping(tuple.getValueNode(), "the section " + key)
                            .getValue()
                            .forEach(inner -> add(key, inner.getKeyNode(), inner.getValueNode()));
                }
            } else {
                add("", tuple.getKeyNode(), tuple.getValueNode());
            }
        }
    }

    private void add(String section, Node key, Node value) {
        entries.add(new Entry(new Name(section, key(key)), value(key(key), value), line(key)));
    }

    private String value(String key, Node node) {
        return switch (node) {
            case SequenceNode list ->
                list.getValue().stream().map(item -> scalar(key, item)).collect(Collectors.joining(","));
            case MappingNode group ->
                group.getValue().stream()
                        .map(entry -> key(entry.getKeyNode()) + "=" + scalar(key, entry.getValueNode()))
                        .collect(Collectors.joining(","));
            default -> scalar(key, node);
        };
    }

    private String scalar(String key, Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw SettingsFile.wrong(
                    file, line(node), "'%s' must be one value, a list or a group of values".formatted(key));
        }
        if (isNothing(scalar)) {
            throw SettingsFile.wrong(file, line(node), "'%s' has no value: give one, or leave it out".formatted(key));
        }
        return scalar.getValue();
    }

    private MappingNode mapping(Node node, String what) {
        if (node instanceof MappingNode mapping) {
            return mapping;
        }
        throw SettingsFile.wrong(file, line(node), what + " must be keys and values, as in 'port: 8081'");
    }

    private String key(Node node) {
        if (node instanceof ScalarNode scalar) {
            return PlainText.escaped(scalar.getValue());
        }
        throw SettingsFile.wrong(file, line(node), "a key must be a text, as in 'port: 8081'");
    }

    private static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
