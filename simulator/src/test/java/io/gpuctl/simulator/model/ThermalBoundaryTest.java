package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static io.gpuctl.simulator.model.Nodes.start;
import static io.gpuctl.simulator.model.Nodes.wholeGpus;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.TaskReport.Completed;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GPU that tends exactly to the temperature at which its clock is lowered. */
@Timeout(30)
class ThermalBoundaryTest {
    private static final long HOUR_MS = 3_600_000;
    /** All GPUs at full load warm the inlet by 2 C, and themselves by 45 C: 85 C, the slowdown temperature. */
    private static final double BOUNDARY = 38;

    @ParameterizedTest
    @ValueSource(doubles = {BOUNDARY, BOUNDARY - 1e-12, BOUNDARY + 1e-12, BOUNDARY - 1e-6, BOUNDARY + 1e-6})
    void endsItsWork(double ambientCelsius) {
        var node = Nodes.model(ambientCelsius);

        node.start(start("a", wholeGpus(0, 1, 2, 3, 4, 5, 6, 7), fullLoad(HOUR_MS)), START_MS);

        assertThat(node.advance(START_MS + 2 * HOUR_MS)).anyMatch(Completed.class::isInstance);
    }
}
