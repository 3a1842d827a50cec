package io.gpuctl.experiments.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.experiments.trace.Arrival;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalTimesTest {
    private static final List<Arrival> ARRIVALS = List.of(at(1_000), at(3_000), at(11_000));

    private static Arrival at(long atMs) {
        return new Arrival(atMs, TaskSpec.of(new TaskId("t-" + atMs), GpuRequest.whole(2, 0), Work.lasting(10_000)));
    }

    @Test
    void twiceAsFastIsHalfTheTimeFromTheFirstOn() {
        assertThat(ArrivalTimes.faster(ARRIVALS, BigDecimal.TWO))
                .extracting(Arrival::atMs)
                .containsExactly(0L, 1_000L, 5_000L);
    }

    @Test
    void aLoadIsASharePartOfTheClustersTimeBetweenFirstAndLast() {
        // 3 tasks, 2 GPUs, 10 s: 60 GPU seconds. 4 GPUs at half load need 30 s for that.
        List<Arrival> stretched = ArrivalTimes.atLoad(ARRIVALS, new BigDecimal("0.5"), 4_000);

        assertThat(stretched).extracting(Arrival::atMs).containsExactly(0L, 6_000L, 30_000L);
        assertThat(ArrivalTimes.load(stretched, 4_000)).isEqualByComparingTo("0.5");
    }

    @Test
    void whatArrivesAllAtOnceHasNoLoad() {
        assertThatThrownBy(() -> ArrivalTimes.atLoad(List.of(at(5), at(5)), BigDecimal.ONE, 1_000))
                .hasMessage("All tasks arrive at the same time");
    }
}
