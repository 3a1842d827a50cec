package io.gpuctl.experiments.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.experiments.published.MuriRun.Cluster;
import io.gpuctl.experiments.published.MuriRun.Order;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Small cases, computed by hand. */
class MuriRunTest {
    private static final Cluster ONE_GPU = new Cluster(1, 1);

    @Test
    void aShorterJobPreemptsALongerOneWhichLosesAnOverheadAtEachEvent() {
        var outcomes = MuriRun.run(List.of(job(0, 1, 0, 100), job(1, 1, 30, 10)), Order.SRTF, ONE_GPU);

        // At 30 s, 25 s of work are done; 75 s are left when the other job ends at 40 s.
        assertThat(outcomes).containsExactly(new MuriOutcome(1, 1, 30, 30, 40, 0), new MuriOutcome(0, 1, 0, 0, 115, 1));
    }

    @Test
    void gpusCountInTheRemainingService() {
        var wide = job(0, 2, 0, 100);
        var narrow = job(1, 1, 10, 120);

        assertThat(MuriRun.run(List.of(wide, narrow), Order.SRTF, new Cluster(1, 2)))
                .extracting(MuriOutcome::id)
                .containsExactly(0, 1);
        assertThat(MuriRun.run(List.of(wide, narrow), Order.SRSF, new Cluster(1, 2)))
                .extracting(MuriOutcome::id)
                .containsExactly(1, 0);
    }

    @Test
    void tiresiasStopsAJobThatHasHadItsShareForOneThatWaits() {
        var outcomes = MuriRun.run(List.of(job(0, 1, 0, 4_000), job(1, 1, 0, 100)), Order.TIRESIAS, ONE_GPU);

        assertThat(outcomes)
                .containsExactly(new MuriOutcome(1, 1, 0, 3_250, 3_350, 0), new MuriOutcome(0, 1, 0, 0, 4_105, 1));
    }

    @Test
    void aGangLargerThanANodeNeedsEmptyNodes() {
        var outcomes = MuriRun.run(
                List.of(job(0, 1, 0, 50), job(1, 1, 0, 50), job(2, 4, 0, 40)), Order.SRTF, new Cluster(3, 2));

        assertThat(outcomes).extracting(MuriOutcome::startSeconds).containsOnly(0.0);
        assertThat(outcomes).extracting(MuriOutcome::id).containsExactly(2, 0, 1);
    }

    @ParameterizedTest
    @EnumSource
    void everyJobEndsOnce(Order order) {
        List<MuriWork> jobs = IntStream.range(0, 200)
                .mapToObj(id -> job(id, 1 << id % 5, id * 7 % 300, 1 + id * 31 % 977))
                .toList();

        assertThat(MuriRun.run(jobs, order, new Cluster(4, 4)))
                .hasSize(200)
                .allMatch(outcome -> outcome.submitSeconds() <= outcome.startSeconds())
                .allMatch(outcome -> outcome.startSeconds() < outcome.endSeconds())
                .extracting(MuriOutcome::id)
                .doesNotHaveDuplicates();
    }

    @Test
    void refusesAJobThatIsLargerThanTheCluster() {
        assertThatThrownBy(() -> MuriRun.run(List.of(job(7, 2, 0, 1)), Order.SRTF, ONE_GPU))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Job 7 asks for 2 GPUs, but the cluster has 1");
    }

    @ParameterizedTest
    @CsvSource({"vgg16, 1, 7", "vgg19, 16, 10", "shufflenet_v2_x1_0, 32, 8", "a2c, 4, 39", "bert, 2, 10", "x, 64, 10"})
    void eachModelHasItsOverhead(String model, int gpus, double seconds) {
        assertThat(MuriWork.of(0, gpus, 0, 1, 100, model).overheadSeconds()).isEqualTo(seconds);
    }

    @Test
    void summarisesAsThePublicationDoes() {
        var summary = MuriSummary.of(List.of(
                new MuriOutcome(0, 1, 0, 0, 10, 2),
                new MuriOutcome(1, 1, 5, 6, 30, 1),
                new MuriOutcome(2, 1, 9, 9, 11, 0)));

        assertThat(summary).isEqualTo(new MuriSummary(3, (10 + 25 + 2) / 3.0, 30, 25, 3));
    }

    /** A job of a second per iteration that loses 5 s at each event. */
    private static MuriWork job(int id, int gpus, double submitSeconds, long iterations) {
        return new MuriWork(id, gpus, submitSeconds, iterations, 1, 5);
    }
}
