package io.gpuctl.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.simulator.cluster.ClusterShape;
import io.gpuctl.simulator.cluster.GpuModels;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimulatedNodesTest {
    @Test
    void saysWhichHeapManyNodesNeed() {
        var nodes = new SimulatedNodes(
                ClusterShape.of(20_000, 8, "A100-SXM4-80GB"), GpuModels.builtIn(), Duration.ofSeconds(8));

        assertThat(nodes.heapProblem(768L << 20))
                .hasValue(
                        "20,000 nodes need a heap of 1,232 MiB, but Java may use 768 MiB: set GPUCTL_JAVA_OPTS=-Xmx1848m");
        assertThat(nodes.heapProblem(1_848L << 20)).isEmpty();
    }
}
