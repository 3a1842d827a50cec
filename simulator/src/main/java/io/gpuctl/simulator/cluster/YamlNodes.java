package io.gpuctl.simulator.cluster;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a list of groups of identical nodes. Every field is optional; its comment ends with the default.
 *
 * <pre>{@code
 * - count: 4                      # nodes in the group; 1
 *   id_prefix: a100-              # their ids are a100-0 to a100-3; empty
 *   pool: default                 # default
 *   gpu_model: A100-SXM4-80GB     # a model of GpuModels, or another with all its figures; A100-SXM4-80GB
 *   gpus: 8                       # in one node, 0 to 64; 8
 *   gpu_memory: 80GiB             # of one GPU; that of the model
 *   cpu_milli: 128000             # thousandths of a core; 128000
 *   memory: 1TiB                  # 1TiB
 *   gpu_idle_power_watts: 60      # that of the model
 *   gpu_limit_power_watts: 400    # that of the model
 *   ambient_celsius: 25           # 25
 *   slowdown_celsius: 85          # that of the model
 *   rack: r1                      # rack of the whole group, which other groups may share; none
 *   rack_size: 8                  # instead of rack: nodes per rack, in racks a100-0, a100-1, ... (after id_prefix); 1
 * }</pre>
 */
final class YamlNodes {
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
            "slowdown_celsius",
            "rack",
            "rack_size");

    /** Maps the names of inventory fields to those of the file's fields, where they differ. */
    private static final Map<String, String> FIELD_OF =
            Map.of("node_id", "id_prefix", "gpu_count", "gpus", "gpu_memory_mib", "gpu_memory", "memory_mib", "memory");

    private YamlNodes() {}

    static List<ClusterFile.Entry> read(Path file, Reader reader, GpuModels models) {
        List<ClusterFile.Entry> entries = new ArrayList<>();
        for (var group : YamlGroup.list(file, reader, "groups of nodes", FIELDS, FIELD_OF)) {
            addGroup(group, models, entries);
        }
        return entries;
    }

    private static void addGroup(YamlGroup group, GpuModels models, List<ClusterFile.Entry> entries) {
        group.checking(() -> {
            int count = group.integer("count").orElse(1);
            int left = ClusterShape.MAX_NODES - entries.size();
            if (count < 1 || count > left) {
                throw new InvalidFieldException("count", count, "a number from 1 to " + left);
            }
            var pool = group.text("pool").map(PoolId::new).orElse(PoolId.DEFAULT);
            String prefix = group.text("id_prefix").orElse("");
            var shape = shape(group);
            var rack = group.text("rack");
            int rackSize = group.integer("rack_size").orElse(1);
            ClusterShape.requireRackSize(rackSize);
            if (rack.isPresent() && rackSize > 1) {
                throw new InvalidFieldException("rack_size", rackSize, "1 or absent if rack is given");
            }
            for (int i = 0; i < count; i++) {
                var node = shape.node(models, new NodeId(prefix + i), pool);
                var placed = rack.isPresent()
                        ? node.in(rack.get(), node.nodeId())
                        : ClusterShape.inRack(node, prefix, i, rackSize);
                entries.add(new ClusterFile.Entry(placed, group.line()));
            }
        });
    }

    private static NodeShape shape(YamlGroup group) {
        return new NodeShape(
                group.text("gpu_model").orElse(null),
                group.integer("gpus").orElse(null),
                group.memoryMib("gpu_memory").orElse(null),
                group.integer("cpu_milli").map(Integer::longValue).orElse(null),
                group.memoryMib("memory").orElse(null),
                group.number("gpu_idle_power_watts").orElse(null),
                group.number("gpu_limit_power_watts").orElse(null),
                group.number("ambient_celsius").orElse(null),
                group.number("slowdown_celsius").orElse(null));
    }
}
