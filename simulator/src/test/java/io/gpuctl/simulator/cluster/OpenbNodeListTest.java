package io.gpuctl.simulator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.NodeInventory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Reads the node lists that Alibaba has published, if they lie beside the project. */
class OpenbNodeListTest {
    private static final Path FROM_ROOT = Path.of("..", "shared", "traces", "openb");

    @Test
    void readsAllNodes() {
        var nodes = ClusterFile.read(trace("openb_node_list_all_node.csv"));

        assertThat(nodes).hasSize(1523);
        assertThat(gpus(nodes)).isEqualTo(6212);
    }

    @Test
    void readsTheNodesWithGpus() {
        var nodes = ClusterFile.read(trace("openb_node_list_gpu_node.csv"));

        assertThat(nodes).hasSize(1213).allMatch(node -> node.gpuCount() > 0 && node.gpuMemoryMib() > 0);
        assertThat(gpus(nodes)).isEqualTo(6212);
    }

    private static int gpus(List<NodeInventory> nodes) {
        return nodes.stream().mapToInt(NodeInventory::gpuCount).sum();
    }

    /** Tests run in their module's folder, below the project's root. */
    private static Path trace(String name) {
        var file = Path.of("..").resolve(FROM_ROOT).resolve(name);
        Assumptions.assumeTrue(
                Files.exists(file),
                () -> "Skipped: no " + FROM_ROOT.resolve(name)
                        + " beside the project; it is cluster-trace-gpu-v2023 of github.com/alibaba/clusterdata");
        return file;
    }
}
