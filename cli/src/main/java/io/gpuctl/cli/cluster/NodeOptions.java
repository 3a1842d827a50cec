package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.client.QuantityConverter;
import io.gpuctl.cli.gpus.GpuModelsOption;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.units.Durations;
import io.gpuctl.simulator.cluster.ClusterFile;
import io.gpuctl.simulator.cluster.ClusterFileException;
import io.gpuctl.simulator.cluster.ClusterShape;
import io.gpuctl.simulator.cluster.GpuModels;
import io.gpuctl.simulator.cluster.NodeShape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Selects the nodes to simulate: a mixin. */
final class NodeOptions {

    private static final int DEFAULT_NODES = 32;

    /** One core of a machine with two handles about 5,000 records of telemetry a second. */
    private static final int MEASUREMENTS_A_SECOND = 2_500;

    private static final Duration INTERVAL_MIN = Duration.ofMillis(NodeTelemetry.INTERVAL_MS);
    private static final Duration INTERVAL_MAX = Duration.ofMillis(NodeTelemetry.INTERVAL_MS_MAX);

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it.
    private CommandSpec mixee;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = {
                "Number of nodes, all alike (default: " + DEFAULT_NODES + ").",
                "With 0, gpuctl up starts a cluster without nodes; gpuctl run simulator adds some."
            })
    private @Nullable Integer nodes;

    @Option(
            names = "--gpus-per-node",
            paramLabel = "N",
            description = "GPUs in each node (default: " + NodeShape.DEFAULT_GPUS + ").")
    private @Nullable Integer gpusPerNode;

    @Option(
            names = "--gpu-model",
            paramLabel = "MODEL",
            description = "Model of the GPUs (default: " + NodeShape.DEFAULT_GPU_MODEL + ").")
    private @Nullable String gpuModel;

    @Option(
            names = "--rack-size",
            paramLabel = "N",
            description = "Nodes in a rack, which warm each other's inlet air (default: 1).")
    private @Nullable Integer rackSize;

    @Option(
            names = "--cluster",
            paramLabel = "FILE",
            description =
                    "Read the nodes from a file instead: YAML, or an openb node list as CSV; may be compressed (.gz).")
    private @Nullable Path clusterFile;

    private @Nullable Duration telemetryInterval;

    @Option(
            names = "--telemetry-interval",
            paramLabel = "TIME",
            converter = QuantityConverter.OfDuration.class,
            description = {
                "Wall time between two measurements of a node, in whole seconds up to 60s (default: 1s for each "
                        + MEASUREMENTS_A_SECOND + " nodes).",
                "Heartbeats are sent every second."
            })
    void setTelemetryInterval(Duration interval) {
        if (interval.compareTo(INTERVAL_MIN) < 0
                || interval.compareTo(INTERVAL_MAX) > 0
                || interval.toNanosPart() != 0) {
            throw new ParameterException(
                    mixee.commandLine(),
                    "--telemetry-interval is %s, but must be whole seconds from %ds to %ds"
                            .formatted(
                                    Durations.human(interval.toMillis()),
                                    INTERVAL_MIN.toSeconds(),
                                    INTERVAL_MAX.toSeconds()));
        }
        telemetryInterval = interval;
    }

    @Mixin
    private GpuModelsOption gpuModels = new GpuModelsOption();

    /**
     * Returns the nodes; throws if neither the options nor the file define them.
     *
     * @param idPrefix the prefix of each node's id
     */
    SimulatedNodes nodes(String idPrefix) {
        GpuModels models = gpuModels.models();
        List<NodeInventory> inventories = inventories(idPrefix, models);
        return new SimulatedNodes(inventories, models, telemetryInterval(inventories.size()));
    }

    /**
     * Returns the nodes like {@link #nodes(String)}; {@code --nodes 0} means that all nodes of the cluster come from
     * elsewhere.
     */
    SimulatedNodes nodesOrNone() {
        boolean isEmpty = clusterFile == null && nodes != null && nodes == 0;
        return isEmpty ? new SimulatedNodes(List.of(), gpuModels.models(), telemetryInterval(0)) : nodes("");
    }

    private Duration telemetryInterval(int nodeCount) {
        if (telemetryInterval != null) {
            return telemetryInterval;
        }
        Duration even = INTERVAL_MIN.multipliedBy(Math.max(1, Math.ceilDiv(nodeCount, MEASUREMENTS_A_SECOND)));
        return even.compareTo(INTERVAL_MAX) < 0 ? even : INTERVAL_MAX;
    }

    private List<NodeInventory> inventories(String idPrefix, GpuModels models) {
        if (clusterFile != null && (nodes != null || gpusPerNode != null || gpuModel != null || rackSize != null)) {
            throw new ParameterException(
                    mixee.commandLine(),
                    "--cluster FILE describes all nodes: leave out --nodes, --gpus-per-node, --gpu-model and --rack-size");
        }
        try {
            List<NodeInventory> inventories =
                    clusterFile == null ? alike(models) : ClusterFile.read(clusterFile, models);
            return inventories.stream().map(node -> withPrefix(idPrefix, node)).toList();
        } catch (ClusterFileException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (InvalidFieldException e) {
            throw new ParameterException(mixee.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private List<NodeInventory> alike(GpuModels models) {
        NodeShape shape = NodeShape.of(
                gpuModel == null ? NodeShape.DEFAULT_GPU_MODEL : gpuModel,
                gpusPerNode == null ? NodeShape.DEFAULT_GPUS : gpusPerNode);
        return ClusterShape.of(nodes == null ? DEFAULT_NODES : nodes, shape, rackSize == null ? 1 : rackSize, models);
    }

    private static NodeInventory withPrefix(String idPrefix, NodeInventory node) {
        return idPrefix.isEmpty() ? node : node.in(node.rack(), new NodeId(idPrefix + node.nodeId()));
    }
}
