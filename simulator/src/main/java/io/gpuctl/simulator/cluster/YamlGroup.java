package io.gpuctl.simulator.cluster;

import io.gpuctl.events.InvalidFieldException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** The fields of one group, with the lines where they stand. */
final class YamlGroup {
    private static final List<String> FIELDS = List.of(
            "count",
            "id_prefix",
            "pool",
            "gpu_model",
            "gpus",
            "gpu_memory",
            "cpu_milli",
            "memory",
            "gpu_idle_power_watts",
            "gpu_limit_power_watts",
            "ambient_celsius",
            "slowdown_celsius");

    /** What the inventory calls a field. */
    private static final Map<String, String> FIELD_OF =
            Map.of("node_id", "id_prefix", "gpu_count", "gpus", "gpu_memory_mib", "gpu_memory", "memory_mib", "memory");

    private final Path file;
    private final int line;
    private final Map<String, ScalarNode> values = new LinkedHashMap<>();

    private YamlGroup(Path file, int line) {
        this.file = file;
        this.line = line;
    }

    static YamlGroup of(Path file, MappingNode mapping) {
        var group = new YamlGroup(file, lineOf(mapping));
        mapping.getValue().forEach(group::add);
        return group;
    }

    private static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private void add(NodeTuple field) {
        int fieldLine = lineOf(field.getKeyNode());
        String name = field.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
        if (!FIELDS.contains(name)) {
            throw new ClusterFileException(
                    file,
                    fieldLine,
                    "the field '%s' is unknown; there are %s".formatted(name, String.join(", ", FIELDS)));
        }
        if (!(field.getValueNode() instanceof ScalarNode value)) {
            throw new ClusterFileException(file, fieldLine, name + " must be one value, not a list or a group");
        }
        if (values.put(name, value) != null) {
            throw new ClusterFileException(file, fieldLine, name + " is there twice in one group");
        }
    }

    /** Runs what reads this group, and says where a value stands that is not allowed. */
    void checking(Runnable reading) {
        try {
            reading.run();
        } catch (InvalidFieldException e) {
            String field = FIELD_OF.getOrDefault(e.field(), e.field());
            var value = values.get(field);
            throw ClusterFileException.of(file, value == null ? line : lineOf(value), field, e);
        }
    }

    Optional<String> text(String field) {
        return Optional.ofNullable(values.get(field)).map(ScalarNode::getValue);
    }

    Optional<Integer> integer(String field) {
        return text(field).map(text -> {
            if (!text.matches("-?[0-9]{1,9}")) {
                throw new InvalidFieldException(field, "'" + text + "'", "a whole number of at most 9 digits");
            }
            return Integer.valueOf(text);
        });
    }

    Optional<Double> number(String field) {
        return text(field).map(text -> {
            if (!text.matches("-?[0-9]{1,9}(\\.[0-9]{1,9})?")) {
                throw new InvalidFieldException(field, "'" + text + "'", "a number such as 25 or 62.5");
            }
            return Double.valueOf(text);
        });
    }

    /** In MiB. */
    Optional<Long> memoryMib(String field) {
        return text(field)
                .map(text -> MemorySize.parseMib(text)
                        .orElseThrow(() -> new InvalidFieldException(field, "'" + text + "'", MemorySize.ALLOWED)));
    }
}
