package io.gpuctl.experiments.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.units.Decimals;
import io.gpuctl.events.units.Durations;
import io.gpuctl.events.units.InvalidQuantityException;
import io.gpuctl.events.units.Numbers;
import io.gpuctl.events.units.PlainText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A group of keys of an experiment file. Each method that reads a key also marks the key as known;
 * {@link #requireNoOthers} then rejects the other keys of the group. All methods throw {@link ExperimentFileException}
 * for invalid values.
 */
final class Section {
    private static final BigDecimal POSITIVE_MIN = new BigDecimal("1e-9");
    private static final BigDecimal POSITIVE_MAX = new BigDecimal("1e9");

    private final String path;
    private final ObjectNode node;
    private final Set<String> known = new LinkedHashSet<>();

    Section(String path, ObjectNode node) {
        this.path = path;
        this.node = node;
    }

    /** Returns the name of a key in messages, such as {@code workload.tasks}. */
    String nameOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private Optional<JsonNode> find(String key) {
        known.add(key);
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    ExperimentFileException wrong(String key, String allowed) {
        return ExperimentFileException.of(
                nameOf(key), find(key).map(Section::shown).orElse("missing"), allowed);
    }

    static String shown(JsonNode value) {
        return value.isContainerNode()
                ? PlainText.quoted(value.toString())
                : "'" + PlainText.quoted(value.asText()) + "'";
    }

    /** Returns the value of a key, which may be a scalar, a list or a group. */
    Optional<JsonNode> value(String key) {
        return find(key);
    }

    Optional<String> text(String key) {
        return find(key).map(value -> scalar(key, value));
    }

    String requiredText(String key, String allowed) {
        return text(key).orElseThrow(() -> wrong(key, allowed));
    }

    private String scalar(String key, JsonNode value) {
        if (value.isContainerNode()) {
            throw ExperimentFileException.of(nameOf(key), shown(value), "one value, not a list or a group");
        }
        return value.asText();
    }

    /** Returns the values of a key that may hold one value or a list. */
    Optional<List<JsonNode>> list(String key) {
        return find(key).map(value -> {
            List<JsonNode> values = new ArrayList<>();
            if (value.isArray()) {
                value.forEach(values::add);
            } else {
                values.add(value);
            }
            if (values.isEmpty()) {
                throw ExperimentFileException.of(nameOf(key), "an empty list", "at least one value");
            }
            return values;
        });
    }

    Optional<List<String>> texts(String key) {
        return list(key)
                .map(values -> values.stream().map(value -> scalar(key, value)).toList());
    }

    Optional<Integer> integer(String key, int min, int max) {
        String allowed = "a whole number from %d to %d".formatted(min, max);
        return parsed(
                key,
                allowed,
                text -> Decimals.parse(text)
                        .flatMap(Numbers::exactly)
                        .filter(value -> value >= min && value <= max)
                        .map(Math::toIntExact));
    }

    /** Returns true or false; false if the key is absent. */
    boolean flag(String key) {
        String allowed = "true or false";
        return parsed(
                        key,
                        allowed,
                        text -> text.equals("true") || text.equals("false")
                                ? Optional.of(Boolean.valueOf(text))
                                : Optional.empty())
                .orElse(false);
    }

    /** Returns a number above 0. */
    Optional<BigDecimal> positive(String key) {
        return parsed(key, "a number above 0", Section::positiveNumber);
    }

    /** Returns empty if the text is no number, or not above 0, or implausibly small or large. */
    static Optional<BigDecimal> positiveNumber(String text) {
        return Decimals.parse(text)
                .filter(value -> value.compareTo(POSITIVE_MIN) >= 0 && value.compareTo(POSITIVE_MAX) < 0);
    }

    /** Returns a duration in ms. */
    Optional<Long> durationMs(String key) {
        return text(key).map(text -> durationMs(nameOf(key), text));
    }

    static long durationMs(String name, String text) {
        try {
            return Durations.parse(text).toMillis();
        } catch (InvalidQuantityException e) {
            throw ExperimentFileException.of(name, "'" + text + "'", "a duration such as 30s, 5m or 1h30m");
        }
    }

    private <T> Optional<T> parsed(String key, String allowed, Function<String, Optional<T>> parser) {
        return text(key).map(text -> parser.apply(text).orElseThrow(() -> wrong(key, allowed)));
    }

    Optional<Section> section(String key) {
        return find(key).map(value -> {
            if (!(value instanceof ObjectNode group)) {
                throw ExperimentFileException.of(nameOf(key), shown(value), "a group of keys");
            }
            return new Section(nameOf(key), group);
        });
    }

    /** Returns the texts of all keys, and marks all keys as known. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        node.properties().forEach(entry -> texts.put(entry.getKey(), scalar(entry.getKey(), entry.getValue())));
        known.addAll(texts.keySet());
        return texts;
    }

    /** Returns one of several names. */
    String choice(String key, List<String> names, String fallback) {
        String name = text(key).orElse(fallback);
        if (!names.contains(name)) {
            throw wrong(key, oneOf(name, names));
        }
        return name;
    }

    static String oneOf(String written, List<String> names) {
        return "one of " + String.join(", ", names) + suggestion(written, names);
    }

    static String suggestion(String written, Iterable<String> names) {
        List<String> candidates = new ArrayList<>();
        names.forEach(candidates::add);
        return NearMatch.of(written, candidates)
                .map(near -> ": did you mean " + near + "?")
                .orElse("");
    }

    /** Rejects unknown keys; call after reading all keys that the group may have. */
    void requireNoOthers() {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!known.contains(entry.getKey())) {
                throw new ExperimentFileException("%s is unknown%s; allowed keys: %s"
                        .formatted(
                                nameOf(entry.getKey()), suggestion(entry.getKey(), known), String.join(", ", known)));
            }
        }
    }
}
