package io.gpuctl.simulator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.InvalidFieldException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GpuModelsTest {
    @ParameterizedTest
    @ValueSource(strings = {"P100", "T4", "V100M16", "V100M32", "A10", "G1", "G2", "G3", "A100", "H100"})
    void knowsTheModelsOfPublicTraces(String name) {
        assertThat(GpuModels.named(name)).isPresent();
    }

    @ParameterizedTest
    @MethodSource("io.gpuctl.simulator.cluster.GpuModels#names")
    void everyModelMakesANodeThatRunsAtFullLoadWithoutThrottling(String name) {
        var node = ClusterShape.of(1, 8, name.toLowerCase(Locale.ROOT)).getFirst();

        assertThat(node.gpuModel()).isEqualTo(name);
        assertThat(node.ambientCelsius() + GpuModels.physics(name).fullLoadRiseCelsius())
                .isLessThan(node.slowdownCelsius());
    }

    @Test
    void numbersTheNodesOfAShape() {
        assertThat(ClusterShape.of(3, 1, "T4"))
                .extracting(node -> node.nodeId().value())
                .containsExactly("0", "1", "2");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 100_001})
    void refusesANumberOfNodesThatIsAMistake(int nodes) {
        assertThatThrownBy(() -> ClusterShape.of(nodes, 8, "A100")).isInstanceOf(InvalidFieldException.class);
    }
}
