package io.gpuctl.orchestrator.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.orchestrator.core.Job;
import io.gpuctl.orchestrator.core.PreemptiveOrder;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreemptiveOrdersTest {
    private static final Job SHORT_AND_WIDE = new Job(100, 8, 50);
    private static final Job LONG_AND_NARROW = new Job(400, 1, 5_000);

    @Test
    void srtfLooksAtTheTimeThatIsLeft() {
        assertThat(Stream.of(LONG_AND_NARROW, SHORT_AND_WIDE).sorted(new Srtf()))
                .containsExactly(SHORT_AND_WIDE, LONG_AND_NARROW);
        assertThat(new Srtf().compare(new Job(7, 1, 0), new Job(7, 2, 9))).isZero();
    }

    @Test
    void srsfLooksAtTheGpuTimeThatIsLeft() {
        assertThat(Stream.of(SHORT_AND_WIDE, LONG_AND_NARROW).sorted(new Srsf()))
                .containsExactly(LONG_AND_NARROW, SHORT_AND_WIDE);
        assertThat(new Srsf().compare(new Job(8, 1, 0), new Job(4, 2, 9))).isZero();
    }

    @Test
    void tiresiasLooksAtTheGpuTimeThatWasHadInClasses() {
        var order = new Tiresias();

        assertThat(Stream.of(LONG_AND_NARROW, SHORT_AND_WIDE).sorted(order))
                .containsExactly(SHORT_AND_WIDE, LONG_AND_NARROW);
        assertThat(order.compare(new Job(1, 8, 0), new Job(9, 1, 3_249))).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 3250",
        "1, 3249.5, 0, 0.5",
        "1, 3250, 1, 3950",
        "1, 7200, 2, Infinity",
        "8, 406, 0, 1", // 406.25 s are 3250 GPU-seconds; the clock counts whole seconds.
        "8, 407, 1, 493",
        "0, 1000000, 0, Infinity"
    })
    void tiresiasHasThreeQueuesAndSaysWhenAJobFalls(double gpus, double attained, int queue, double seconds) {
        Job job = new Job(1, gpus, attained);

        assertThat(new Tiresias().queueOf(job)).isEqualTo(queue);
        assertThat(new Tiresias().secondsToFallBack(job)).isEqualTo(seconds, within(1e-9));
    }

    @Test
    void aJobThatRunsDoesNotFallBackWhereTimeLeftCounts() {
        assertThat(new Srtf().secondsToFallBack(SHORT_AND_WIDE)).isEqualTo(PreemptiveOrder.NEVER);
        assertThat(new Srsf().secondsToFallBack(SHORT_AND_WIDE)).isEqualTo(PreemptiveOrder.NEVER);
    }

    @Test
    void onlyTiresiasNeedsNoDurations() {
        assertThat(new Srtf().needsDurations()).isTrue();
        assertThat(new Srsf().needsDurations()).isTrue();
        assertThat(new Tiresias().needsDurations()).isFalse();
    }

    @Test
    void theLimitsOfTiresiasAreWeightsThatItsPlacementNeverSees() {
        var policy = Policies.create(tiresias(Map.of("limit_0_gpu_seconds", 10.0, "limit_1_gpu_seconds", 20.0)));

        assertThat(policy.order().name()).isEqualTo("tiresias");
        assertThat(((Tiresias) policy.order()).queueOf(new Job(1, 1, 15))).isOne();
    }

    @ParameterizedTest
    @CsvSource({"0, 7200", "-1, 7200", "NaN, 7200", "8000, 7200", "1, Infinity"})
    void limitsMustRise(double first, double second) {
        assertThatThrownBy(() -> new Tiresias(first, second))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("policy.weights.limit_");
    }

    @Test
    void refusesWeightsThatNobodyKnows() {
        assertThatThrownBy(() -> Policies.create(tiresias(Map.of("limit_7_gpu_seconds", 1.0))))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("limit_7_gpu_seconds");
    }

    private static PolicySpec tiresias(Map<String, Double> weights) {
        return new PolicySpec("tiresias", weights, 1);
    }
}
