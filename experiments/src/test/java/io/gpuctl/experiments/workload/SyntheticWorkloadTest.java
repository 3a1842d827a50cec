package io.gpuctl.experiments.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.experiments.trace.Arrival;
import io.gpuctl.experiments.workload.SyntheticWorkload.Durations;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SyntheticWorkloadTest {
    private static final int TASKS = 20_000;

    private static SyntheticWorkload workload(int tasks, long meanGapMs) {
        return new SyntheticWorkload(
                tasks,
                meanGapMs,
                new Durations(600_000, 1.2, 30_000, 21_600_000),
                Map.of(new BigDecimal("0.5"), 1.0, BigDecimal.valueOf(16), 3.0),
                8_000,
                65_536,
                4);
    }

    @Test
    void hasTheDistributionsThatWereAskedFor() {
        List<Arrival> arrivals = workload(TASKS, 60_000).draw(7);

        // Standard errors: 0.7 % of the mean gap, 1.1 % of the median, 0.3 points of the share.
        assertThat(arrivals.getLast().atMs() / (TASKS - 1.0)).isCloseTo(60_000, within(1_800.0));
        assertThat(arrivals.stream()
                        .mapToLong(arrival -> arrival.task().work().durationMs())
                        .sorted()
                        .skip(TASKS / 2)
                        .findFirst()
                        .orElseThrow())
                .isCloseTo(600_000, within(25_000L));
        assertThat(arrivals)
                .allMatch(arrival -> arrival.task().work().durationMs() >= 30_000)
                .allMatch(arrival -> arrival.task().work().durationMs() <= 21_600_000);
        assertThat(arrivals.stream()
                        .filter(arrival -> arrival.task().gpus().count() == 16)
                        .count())
                .isCloseTo(TASKS * 3L / 4, within(250L));
        assertThat(arrivals.stream().map(arrival -> arrival.task().user()).distinct())
                .containsExactlyInAnyOrder("user-1", "user-2", "user-3", "user-4");
    }

    @Test
    void asksForCpuAndMemoryByItsGpus() {
        Arrival share = workload(100, 0).draw(1).stream()
                .filter(arrival -> arrival.task().gpus().count() == 1)
                .findFirst()
                .orElseThrow();

        assertThat(share.task().cpuMilli()).isEqualTo(4_000);
        assertThat(share.task().memoryMib()).isEqualTo(32_768);
        assertThat(share.task().maxNodes()).isOne();
    }

    @Test
    void aLargeTaskMaySpanNodes() {
        assertThat(workload(100, 0).draw(1))
                .filteredOn(arrival -> arrival.task().gpus().count() == 16)
                .isNotEmpty()
                .allMatch(arrival -> arrival.task().maxNodes() == 16);
    }

    @Test
    void theSeedAloneDecides() {
        assertThat(workload(500, 60_000).draw(1))
                .isEqualTo(workload(500, 60_000).draw(1));
        assertThat(workload(500, 60_000).draw(2))
                .isNotEqualTo(workload(500, 60_000).draw(1));
    }

    @Test
    void howFastTheyArriveChangesNothingElse() {
        List<Arrival> fast = workload(500, 1_000).draw(1);
        List<Arrival> slow = workload(500, 60_000).draw(1);

        assertThat(fast)
                .extracting(Arrival::task)
                .isEqualTo(slow.stream().map(Arrival::task).toList());
    }
}
