package io.gpuctl.orchestrator.policy;

import static io.gpuctl.orchestrator.policy.FactCluster.shape;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Placement;
import io.gpuctl.orchestrator.core.Placement.Candidate;
import io.gpuctl.orchestrator.core.Placement.Request;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Compares the scores of published policies with numbers computed by hand. */
class PublishedScoresTest {
    private static final Shape ONE_GPU = shape(GpuRequest.whole(1, 0), 8_000);
    private static final Shape HALF_GPU = shape(GpuRequest.share(500, 0), 8_000);
    private static final Shape CPUS = shape(GpuRequest.NONE, 8_000);

    private final FactCluster cluster = new FactCluster();

    private static Candidate.Scored look(FactCluster cluster, String policy, String nodeId, Shape shape) {
        Placement placement = Policies.create(PolicySpec.named(policy)).placement();
        return placement.explain(new Request(shape, 1, 1), cluster.nodes()).stream()
                .filter(candidate -> candidate.node().id().value().equals(nodeId))
                .map(Candidate.Scored.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Nested
    class BestFitScores {
        private double score(String nodeId, Shape shape) {
            return look(cluster, "best-fit", nodeId, shape).total();
        }

        @Test
        void theLessIsLeftTheBetter() {
            cluster.start("large", 8, 128_000).start("small", 2, 64_000);

            // 100 (1 - 0.5 * 120/128 - 0.5 * 7/8) = 9.375 and 100 (1 - 0.5 * 56/128 - 0.5 * 1/8) = 71.875.
            assertThat(score("large", ONE_GPU)).isEqualTo(9);
            assertThat(score("small", ONE_GPU)).isEqualTo(71);
        }

        @Test
        void cpusCountForATaskWithoutGpus() {
            cluster.start("a", 0, 128_000);

            // 100 (1 - 0.5 * 120/128) = 53.125.
            assertThat(score("a", CPUS)).isEqualTo(53);
        }

        @Test
        void belowZeroTheFractionIsCutOffToo() {
            cluster.start("huge", 16, 128_000);

            // 100 (1 - 0.5 * 120/128 - 0.5 * 15/8) = -40.625.
            assertThat(score("huge", ONE_GPU)).isEqualTo(-40);
        }
    }

    @Nested
    class DotProductScores {
        @Test
        void whatIsLeftTimesWhatIsAskedFor() {
            cluster.start("large", 8, 128_000).start("small", 2, 64_000);

            // 100 (1 - 0.5 (1 * 1/16 + 1 * 1/8)) = 90.625 and 100 (1 - 0.5 (1/2 * 1/16 + 1/4 * 1/8)) = 96.875.
            assertThat(look(cluster, "dot-product", "large", ONE_GPU).total()).isEqualTo(90);
            assertThat(look(cluster, "dot-product", "small", ONE_GPU).total()).isEqualTo(96);
        }
    }

    @Nested
    class GpuPackingScores {
        private double score(String nodeId, Shape shape) {
            return look(cluster, "gpu-packing", nodeId, shape).total();
        }

        @Test
        void anIdleNodeScoresTheMoreTheFewerGpusItHas() {
            cluster.start("large", 8, 128_000).start("small", 2, 64_000).start("huge", 20, 128_000);

            assertThat(score("large", ONE_GPU)).isEqualTo(25);
            assertThat(score("small", ONE_GPU)).isEqualTo(31);
            assertThat(score("huge", ONE_GPU)).isEqualTo(20); // max(33 - 20, 20)
        }

        @Test
        void freeGpusOfANodeInUse() {
            cluster.start("a", 8, 128_000).start("huge", 40, 128_000);
            cluster.run("a", 1_000, 1_000, 0);
            cluster.run("huge", 1_000, 1_000, 0);

            assertThat(score("a", ONE_GPU)).isEqualTo(49);
            assertThat(score("a", HALF_GPU)).isEqualTo(49);
            assertThat(score("a", shape(GpuRequest.whole(4, 0), 0))).isEqualTo(46);
            assertThat(score("huge", shape(GpuRequest.whole(20, 0), 0))).isEqualTo(33); // max(50 - 20, 33)
        }

        @Test
        void gpusInUse() {
            cluster.start("a", 2, 128_000).start("b", 2, 128_000);
            cluster.run("a", 1_000, 50, 0);
            cluster.run("a", 1_000, 340, 1);
            cluster.run("b", 1_000, 600, 0);

            // The least left that fits is 660 of 1000: 100 - floor(66 / 10).
            assertThat(score("a", HALF_GPU)).isEqualTo(94);
            assertThat(look(cluster, "gpu-packing", "a", HALF_GPU).gpus()).containsExactly(1);
            // 400 are too few, so the free GPU is used.
            assertThat(score("b", HALF_GPU)).isEqualTo(49);
            assertThat(score("b", shape(GpuRequest.share(400, 0), 0))).isEqualTo(96);
        }

        @Test
        void withoutGpusAllNodesAreAlike() {
            cluster.start("a", 8, 128_000).start("b", 0, 64_000);

            assertThat(score("a", CPUS)).isZero();
            assertThat(score("b", CPUS)).isZero();
        }
    }

    @Nested
    class GpuClusteringScores {
        private double score(String nodeId, Shape shape) {
            return look(cluster, "gpu-clustering", nodeId, shape).total();
        }

        @Test
        void tasksOfAKindMeet() {
            cluster.start("singles", 8, 128_000).start("mixed", 8, 128_000).start("shares", 8, 128_000);
            cluster.run("singles", 1_000, 1_000, 0);
            cluster.run("mixed", 1_000, 1_000, 0);
            cluster.run("mixed", 1_000, 500, 1);
            cluster.run("shares", 1_000, 500, 0);
            cluster.run("shares", 1_000, 250, 0);

            // Fullness: floor(25 * 1000/8000) = 3, floor(25 * 1500/8000) = 4, floor(25 * 750/8000) = 2.
            assertThat(score("singles", ONE_GPU)).isEqualTo(78);
            assertThat(score("mixed", ONE_GPU)).isEqualTo(54);
            assertThat(score("shares", ONE_GPU)).isEqualTo(2);
            assertThat(score("singles", HALF_GPU)).isEqualTo(3);
            assertThat(score("mixed", HALF_GPU)).isEqualTo(54);
            assertThat(score("shares", HALF_GPU)).isEqualTo(77);
            assertThat(score("singles", shape(GpuRequest.whole(2, 0), 0))).isEqualTo(3);
        }

        @Test
        void aNodeWithoutGpuTasksIsOpenToAllKinds() {
            cluster.start("large", 8, 128_000).start("small", 2, 64_000).start("huge", 9, 64_000);
            cluster.run("small", 1_000, 0);

            assertThat(score("large", ONE_GPU)).isEqualTo(25);
            assertThat(score("small", ONE_GPU)).isEqualTo(43); // floor(25 * 6000/8000) + 25
            assertThat(score("huge", ONE_GPU)).isEqualTo(21); // floor(25 * -1000/8000) + 25
        }

        @Test
        void whatHasEndedIsForgotten() {
            cluster.start("a", 8, 128_000);
            cluster.complete(cluster.run("a", 1_000, 1_000, 0));

            assertThat(score("a", ONE_GPU)).isEqualTo(25);
        }

        @Test
        void withoutGpusAllNodesAreAlike() {
            cluster.start("a", 8, 128_000);

            assertThat(score("a", CPUS)).isZero();
        }
    }

    @Test
    void aShareGoesToTheGpuWithTheLeastLeft() {
        cluster.start("a", 4, 128_000);
        cluster.run("a", 0, 100, 0);
        cluster.run("a", 0, 400, 1);
        cluster.run("a", 0, 400, 2);
        cluster.run("a", 0, 700, 3);

        for (String policy : new String[] {"best-fit", "dot-product", "gpu-packing", "gpu-clustering"}) {
            assertThat(look(cluster, policy, "a", HALF_GPU).gpus()).containsExactly(1);
        }
    }

    @Test
    void wholeGpusAreTheFirstThatAreFree() {
        cluster.start("a", 4, 128_000);
        cluster.run("a", 0, 100, 1);

        for (String policy : Policies.names()) {
            assertThat(look(cluster, policy, "a", shape(GpuRequest.whole(2, 0), 0))
                            .gpus())
                    .containsExactly(0, 2);
        }
    }
}
