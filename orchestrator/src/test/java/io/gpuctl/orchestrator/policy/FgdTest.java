package io.gpuctl.orchestrator.policy;

import static io.gpuctl.orchestrator.policy.FactCluster.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.TargetWorkload.Kind;
import io.gpuctl.orchestrator.core.Placement.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

class FgdTest {
    private static final Kind WHOLE = new Kind(4_000, 1_000, 1, List.of(), 0.5);
    private static final Kind HALF = new Kind(4_000, 500, 1, List.of(), 0.5);
    private static final Shape HALF_GPU = shape(GpuRequest.share(500, 0), 1_000);

    private final FactCluster cluster = new FactCluster();

    private static TargetWorkload target(Kind... kinds) {
        return new TargetWorkload(List.of(kinds));
    }

    private double fragmentation(String nodeId, Kind... kinds) {
        return new Fragmentation(target(kinds)).of(cluster.node(nodeId));
    }

    private double score(String nodeId, Shape shape, Kind... kinds) {
        return new Fgd(target(kinds)).score(cluster.node(nodeId), shape);
    }

    private List<Integer> gpus(String nodeId, Shape shape, Kind... kinds) {
        return new Fgd(target(kinds)).gpus(cluster.node(nodeId), new Request(shape, 1, 1));
    }

    @Test
    void whatIsTooSmallForATaskIsAFragment() {
        cluster.start("a", 2, 64_000);
        cluster.run("a", 1_000, 400, 0);

        // A task for a whole GPU cannot use the 600 left on the first GPU; a task for half a GPU can use everything.
        assertThat(fragmentation("a", WHOLE, HALF)).isEqualTo(300);
    }

    @Test
    void toATaskThatFindsNoRoomAllIsAFragment() {
        cluster.start("a", 2, 64_000);
        cluster.run("a", 1_000, 400, 0);
        double all = 1_600;

        assertThat(fragmentation("a", new Kind(4_000, 1_000, 2, List.of(), 1))).isEqualTo(all);
        assertThat(fragmentation("a", new Kind(64_000, 500, 1, List.of(), 1))).isEqualTo(all);
        assertThat(fragmentation("a", new Kind(4_000, 500, 1, List.of("T4", "P100"), 1)))
                .isEqualTo(all);
        assertThat(fragmentation("a", new Kind(4_000, 500, 1, List.of("T4", "A100"), 1)))
                .isZero();
        assertThat(fragmentation("a", new Kind(4_000, 0, 0, List.of(), 1))).isEqualTo(all);
    }

    @Test
    void kindsCountByTheirProbability() {
        cluster.start("a", 2, 64_000);
        cluster.run("a", 1_000, 400, 0);

        assertThat(fragmentation(
                        "a",
                        new Kind(4_000, 1_000, 1, List.of(), 0.25),
                        new Kind(4_000, 500, 1, List.of(), 0.5),
                        new Kind(4_000, 0, 0, List.of(), 0.25)))
                .isEqualTo(0.25 * 600 + 0.25 * 1_600, within(1e-9));
    }

    @Test
    void aShareGoesWhereItMendsMost() {
        cluster.start("used", 2, 64_000).start("idle", 2, 64_000);
        cluster.run("used", 1_000, 400, 0);

        // On the first GPU 100 are left, which no task can use: from 300 to 100, 100 / (1 + e^-0.2) = 54.98. On the
        // second GPU 500 are left, and no whole GPU: from 300 to 0.5 * 1100, 100 / (1 + e^0.25) = 43.78.
        assertThat(score("used", HALF_GPU, WHOLE, HALF)).isEqualTo(54);
        assertThat(gpus("used", HALF_GPU, WHOLE, HALF)).containsExactly(0);
        // From 0 to 0.5 * 500.
        assertThat(score("idle", HALF_GPU, WHOLE, HALF)).isEqualTo(43);
    }

    @Test
    void ofGpusWithEqualScoresItTakesTheFirst() {
        cluster.start("a", 3, 64_000);
        cluster.run("a", 1_000, 600, 0);
        cluster.run("a", 1_000, 300, 1);
        cluster.run("a", 1_000, 400, 2);

        // For tasks without GPUs everything is a fragment, so fragmentation falls by what is taken: 100 / (1 + e^-0.5)
        // = 62.2.
        assertThat(score("a", HALF_GPU, new Kind(4_000, 0, 0, List.of(), 1))).isEqualTo(62);
        assertThat(gpus("a", HALF_GPU, new Kind(4_000, 0, 0, List.of(), 1))).containsExactly(1);
    }

    @Test
    void wholeGpusAreTakenOffWhatOthersCouldUse() {
        cluster.start("a", 4, 64_000);
        Kind pair = new Kind(4_000, 1_000, 2, List.of(), 1);

        // From 0 to the one GPU that is left, which is of no use for a pair: 100 / (1 + e^1) = 26.9.
        assertThat(score("a", shape(GpuRequest.whole(3, 0), 1_000), pair)).isEqualTo(26);
        assertThat(score("a", shape(GpuRequest.whole(2, 0), 1_000), pair)).isEqualTo(50);
        assertThat(gpus("a", shape(GpuRequest.whole(2, 0), 1_000), pair)).containsExactly(0, 1);
    }

    @Test
    void takingTheCpusStrandsTheGpus() {
        cluster.start("a", 2, 16_000);

        // 3000 are left, a task needs 4000: from 0 to 2000 thousandths, 100 / (1 + e^2) = 11.9.
        assertThat(score("a", shape(GpuRequest.NONE, 13_000), WHOLE, HALF)).isEqualTo(11);
        assertThat(score("a", shape(GpuRequest.NONE, 12_000), WHOLE, HALF)).isEqualTo(50);
        assertThat(gpus("a", shape(GpuRequest.NONE, 12_000), WHOLE, HALF)).isEmpty();
    }

    @Test
    void whatFollowsATaskIsWhatThenIs() {
        cluster.start("a", 4, 64_000);
        cluster.run("a", 1_000, 300, 1);
        cluster.run("a", 1_000, 800, 2);
        Kind gang = new Kind(50_000, 1_000, 2, List.of(), 0.125);
        Fragmentation fragmentation = new Fragmentation(target(WHOLE, HALF, gang));

        double foretold = fragmentation.after(cluster.node("a"), 20_000, 1, 1, 450);
        cluster.run("a", 20_000, 450, 1);

        assertThat(fragmentation.of(cluster.node("a"))).isEqualTo(foretold);
    }

    @Test
    void withoutATargetThereIsADefault() {
        cluster.start("a", 2, 64_000).start("b", 2, 64_000);
        cluster.run("b", 1_000, 500, 1);
        Fgd byDefault = new Fgd(TargetWorkload.EMPTY);

        assertThat(byDefault.score(cluster.node("b"), HALF_GPU))
                .isGreaterThan(byDefault.score(cluster.node("a"), HALF_GPU));
        assertThat(Fgd.DEFAULT_TARGET.kinds().stream()
                        .mapToDouble(Kind::probability)
                        .sum())
                .isEqualTo(1, within(1e-9));
    }
}
