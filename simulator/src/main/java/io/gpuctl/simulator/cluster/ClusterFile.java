package io.gpuctl.simulator.cluster;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.input.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the nodes of a cluster from a file: {@code .yaml} or {@code .yml} as {@link YamlNodes} describes, or
 * {@code .csv} as {@link CsvNodes} describes. The file may be gzip-compressed; its name then ends with {@code .gz}.
 */
public final class ClusterFile {
    private ClusterFile() {}

    /** A node and the line of the file that defines it. */
    record Entry(NodeInventory node, int line) {}

    /** Reads the nodes with the built-in GPU models, see {@link #read(Path, GpuModels)}. */
    public static List<NodeInventory> read(Path file) {
        return read(file, GpuModels.builtIn());
    }

    /**
     * Reads the nodes, in the order of the file.
     *
     * @param models GPU models that the file may name without giving their figures
     * @throws ClusterFileException if the file cannot be read, a value is not allowed, or two nodes have the same id
     */
    public static List<NodeInventory> read(Path file, GpuModels models) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        String type = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        boolean csv = type.endsWith(".csv");
        if (!csv && !type.endsWith(".yaml") && !type.endsWith(".yml")) {
            throw new ClusterFileException(
                    file, "the file name must end with .yaml, .yml or .csv, optionally followed by .gz");
        }
        try (var text = TextFile.open(file)) {
            return checked(
                    file,
                    csv ? CsvNodes.read(file, text.reader(), models) : YamlNodes.read(file, text.reader(), models));
        } catch (IOException e) {
            throw ClusterFileException.unreadable(file, e);
        }
    }

    private static List<NodeInventory> checked(Path file, List<Entry> entries) {
        if (entries.isEmpty()) {
            throw new ClusterFileException(file, "the file has no nodes");
        }
        Map<NodeId, Integer> lines = new HashMap<>();
        List<NodeInventory> nodes = new ArrayList<>();
        for (var entry : entries) {
            Integer earlier = lines.putIfAbsent(entry.node.nodeId(), entry.line);
            if (earlier != null) {
                throw new ClusterFileException(
                        file,
                        entry.line,
                        "the node id '%s' is already used on line %d; ids must be unique"
                                .formatted(entry.node.nodeId(), earlier));
            }
            nodes.add(entry.node);
        }
        return List.copyOf(nodes);
    }
}
