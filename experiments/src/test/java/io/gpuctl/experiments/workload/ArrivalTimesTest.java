package io.gpuctl.experiments.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.experiments.trace.Arrival;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"2", "0.5", "0.125", "16", "3", "0.7316904215837461", "1.000000000000001"})
    void everyTimeIsTheExactQuotient(String times) {
        var random = new Random(1);
        List<Long> timesMs = new ArrayList<>(List.of(0L, 1L, 2L, 3L, 5L, 8L, 24L, 40L, 315_360_000_001L));
        for (int i = 0; i < 2_000; i++) {
            timesMs.add(random.nextLong(1L << (1 + i % 40)));
        }
        List<Arrival> arrivals = timesMs.stream().map(ArrivalTimesTest::at).toList();

        List<Arrival> faster = ArrivalTimes.faster(arrivals, new BigDecimal(times));

        for (int i = 0; i < arrivals.size(); i++) {
            BigDecimal exact =
                    BigDecimal.valueOf(arrivals.get(i).atMs()).divide(new BigDecimal(times), 0, RoundingMode.HALF_EVEN);
            assertThat(faster.get(i).atMs()).isEqualTo(exact.longValueExact());
        }
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
