package io.gpuctl.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationChartTest {

    @Test
    void drawsEachValueAsAColumnOfItsHeight() {
        assertThat(AllocationChart.lines(List.of(0.0, 0.2, 0.5, 1.0), 65_000))
                .containsExactly(
                        "100.0% |   █", //
                        " 80.0% |   █",
                        " 60.0% |  ▄█",
                        " 40.0% |  ██",
                        " 20.0% | ███",
                        "  0.0% +----",
                        "        0 1m 5s");
    }

    @Test
    void theScaleFitsTheHighestValue() {
        assertThat(AllocationChart.lines(List.of(0.024, 0.05), 1_000).getFirst())
                .isEqualTo("  5.0% | █");
    }
}
