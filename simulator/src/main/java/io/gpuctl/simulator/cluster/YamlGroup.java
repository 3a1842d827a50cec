package io.gpuctl.simulator.cluster;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.input.BoundedText;
import io.gpuctl.events.units.Decimals;
import io.gpuctl.events.units.InvalidQuantityException;
import io.gpuctl.events.units.Numbers;
import io.gpuctl.events.units.PlainText;
import io.gpuctl.events.units.Sizes;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The fields of one group, with their line numbers. */
final class YamlGroup {
    /** 1 Mi characters. One group may describe any number of nodes, so a longer text is a mistake. */
    private static final int TEXT_LENGTH_MAX = 1 << 20;

    private static final BigDecimal NUMBER_MAX = BigDecimal.valueOf(1_000_000_000);

    private final Path file;
    private final int line;
    private final List<String> fields;
    private final Map<String, String> fieldOf;
    private final Map<String, ScalarNode> values = new LinkedHashMap<>();

    private YamlGroup(Path file, int line, List<String> fields, Map<String, String> fieldOf) {
        this.file = file;
        this.line = line;
        this.fields = fields;
        this.fieldOf = fieldOf;
    }

    /**
     * Reads a file that is a list of groups.
     *
     * @param what the plural name of the groups for messages, such as "groups of nodes"
     * @param fields the fields that a group may have
     * @param fieldOf the name in the file of each field that errors name differently
     * @throws ClusterFileException if the file is not a list of groups with these fields
     */
    static List<YamlGroup> list(
            Path file, Reader reader, String what, List<String> fields, Map<String, String> fieldOf) {
        String expected = "the file must be a list of %s, each beginning with '-'".formatted(what);
        if (!(root(file, reader, expected) instanceof SequenceNode list)) {
            throw new ClusterFileException(file, 1, expected);
        }
        List<YamlGroup> groups = new ArrayList<>();
        for (var item : list.getValue()) {
            if (!(item instanceof MappingNode mapping)) {
                throw new ClusterFileException(
                        file, lineOf(item), "a group must be fields and values, as in 'count: 4'");
            }
            var group = new YamlGroup(file, lineOf(mapping), fields, fieldOf);
            mapping.getValue().forEach(group::add);
            groups.add(group);
        }
        return groups;
    }

    private static @Nullable Node root(Path file, Reader reader, String expected) {
        try {
            Iterator<Node> documents = new Yaml(new LoaderOptions())
                    .composeAll(BoundedText.whole(reader, TEXT_LENGTH_MAX))
                    .iterator();
            Node root = documents.hasNext() ? documents.next() : null;
            if (documents.hasNext()) {
                throw new ClusterFileException(
                        file,
                        lineOf(documents.next()),
                        "a second YAML document begins here, but only one is allowed: " + expected);
            }
            return root;
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new ClusterFileException(file, line, "not valid YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw e.getCause() instanceof IOException cause
                    ? ClusterFileException.unreadable(file, cause)
                    : new ClusterFileException(file, "not valid YAML: " + e.getMessage());
        }
    }

    /** Returns the line at which the group begins. */
    int line() {
        return line;
    }

    private static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private void add(NodeTuple field) {
        int fieldLine = lineOf(field.getKeyNode());
        String name = field.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
        if (!fields.contains(name)) {
            throw new ClusterFileException(
                    file,
                    fieldLine,
                    "the field '%s' is unknown; allowed fields are %s"
                            .formatted(PlainText.quoted(name), String.join(", ", fields)));
        }
        if (!(field.getValueNode() instanceof ScalarNode value)) {
            throw new ClusterFileException(file, fieldLine, name + " must be one value, not a list or a group");
        }
        if (!PlainText.isPlain(value.getValue())) {
            throw new ClusterFileException(
                    file,
                    fieldLine,
                    "%s is '%s', but must be %s"
                            .formatted(name, PlainText.quoted(value.getValue()), PlainText.ALLOWED));
        }
        if (values.put(name, value) != null) {
            throw new ClusterFileException(file, fieldLine, name + " appears twice in one group");
        }
    }

    /** Runs code that reads this group, and adds the line to the error about a value that is not allowed. */
    void checking(Runnable reading) {
        try {
            reading.run();
        } catch (InvalidFieldException e) {
            String field = fieldOf.getOrDefault(e.field(), e.field());
            var value = values.get(field);
            throw ClusterFileException.of(file, value == null ? line : lineOf(value), field, e);
        }
    }

    Optional<String> text(String field) {
        return Optional.ofNullable(values.get(field)).map(ScalarNode::getValue);
    }

    Optional<Integer> integer(String field) {
        return text(field).map(text -> Math.toIntExact(Numbers.whole(field, text, 9)));
    }

    Optional<Double> number(String field) {
        return text(field)
                .map(text -> Decimals.parse(text)
                        .filter(number -> number.abs().compareTo(NUMBER_MAX) < 0)
                        .map(BigDecimal::doubleValue)
                        .orElseThrow(() ->
                                new InvalidFieldException(field, "'" + text + "'", "a number such as 25 or 62.5")));
    }

    /** Returns a memory size, MiB. */
    Optional<Long> memoryMib(String field) {
        return text(field).map(text -> {
            try {
                return Sizes.parseMib(text);
            } catch (InvalidQuantityException _) {
                throw new InvalidFieldException(field, "'" + text + "'", Sizes.ALLOWED);
            }
        });
    }
}
