package io.gpuctl.experiments.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values from the command line that replace values of the file: {@code KEY=VALUE}. A dot leads into a group, as in
 * {@code workload.tasks}. A value with commas is a list; a value that begins with a bracket or a brace is YAML.
 */
public final class Overrides {
    public static final Overrides NONE = new Overrides(Map.of());

    private final Map<String, String> values;

    private Overrides(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads the settings. If a key occurs twice, the later value applies.
     *
     * @throws ExperimentFileException if a setting is not of the form {@code KEY=VALUE}
     */
    public static Overrides of(List<String> settings) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String key = equals < 0 ? "" : setting.substring(0, equals).strip();
            if (key.isEmpty() || key.startsWith(".") || key.endsWith(".") || key.contains("..")) {
                throw ExperimentFileException.of(
                        "a setting", "'" + setting + "'", "KEY=VALUE, as in seeds=42..51 or workload.tasks=pods.csv");
            }
            values.put(key, setting.substring(equals + 1).strip());
        }
        return new Overrides(values);
    }

    /**
     * Returns whether the command line sets this key. If so, paths in its value are relative to the working directory.
     */
    boolean sets(String key) {
        return values.containsKey(key);
    }

    void applyTo(ObjectNode root, ObjectMapper yaml) {
        values.forEach((key, value) -> apply(root, key, value, yaml));
    }

    private static void apply(ObjectNode root, String key, String value, ObjectMapper yaml) {
        String[] names = key.split("\\.", -1);
        ObjectNode group = root;
        for (int i = 0; i < names.length - 1; i++) {
            JsonNode next = group.get(names[i]);
            if (next == null || next.isNull()) {
                next = group.putObject(names[i]);
            }
            if (!(next instanceof ObjectNode inner)) {
                throw new ExperimentFileException("%s cannot be set: %s must be a group of keys, but is %s"
                        .formatted(key, String.join(".", List.of(names).subList(0, i + 1)), Section.shown(next)));
            }
            group = inner;
        }
        group.set(names[names.length - 1], parsed(key, value, yaml));
    }

    private static JsonNode parsed(String key, String value, ObjectMapper yaml) {
        if (value.startsWith("[") || value.startsWith("{")) {
            try {
                return yaml.readTree(value);
            } catch (JsonProcessingException e) {
                throw ExperimentFileException.of(key, "'" + value + "'", "valid YAML, as it begins with a bracket");
            }
        }
        if (!value.contains(",")) {
            return TextNode.valueOf(value);
        }
        ArrayNode list = yaml.createArrayNode();
        for (String part : value.split(",", -1)) {
            list.add(part.strip());
        }
        return list;
    }
}
