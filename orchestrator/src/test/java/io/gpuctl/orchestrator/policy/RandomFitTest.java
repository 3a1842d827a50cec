package io.gpuctl.orchestrator.policy;

import static io.gpuctl.orchestrator.policy.FactCluster.shape;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.Shape;
import io.gpuctl.orchestrator.core.Placement;
import io.gpuctl.orchestrator.core.Placement.Place;
import io.gpuctl.orchestrator.core.Placement.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RandomFitTest {
    private static final Shape HALF_GPU = shape(GpuRequest.share(500, 0), 0);

    private final FactCluster cluster = new FactCluster();

    /** Room for a half is on GPUs 0, 2 and 3 of a, on all of c, and nowhere on b. */
    @BeforeEach
    void givenThreeNodes() {
        cluster.start("a", 4, 64_000).start("b", 1, 64_000).start("c", 2, 64_000);
        cluster.run("a", 0, 600, 1);
        cluster.run("b", 0, 1_000, 0);
    }

    private static Placement random(long seed) {
        return Policies.create(new PolicySpec("random", Map.of(), seed)).placement();
    }

    private String draw(Placement placement, long submitSequence, int attempt) {
        Place place = (Place) placement.choose(new Request(HALF_GPU, submitSequence, attempt), cluster.nodes());
        var part = place.parts().getFirst();
        return part.node().id().value() + part.gpus();
    }

    @Test
    void anyNodeAndAnyGpuWithRoomIsAsLikelyAsTheOthers() {
        Placement placement = random(1);
        Map<String, Integer> drawn = new TreeMap<>();
        for (long sequence = 0; sequence < 12_000; sequence++) {
            drawn.merge(draw(placement, sequence, 1), 1, Integer::sum);
        }

        // Half of the draws for each node; within four standard deviations, at most 55.
        assertThat(drawn).containsOnlyKeys("a[0]", "a[2]", "a[3]", "c[0]", "c[1]");
        assertThat(drawn.get("a[0]")).isBetween(1_837, 2_163);
        assertThat(drawn.get("a[2]")).isBetween(1_837, 2_163);
        assertThat(drawn.get("a[3]")).isBetween(1_837, 2_163);
        assertThat(drawn.get("c[0]")).isBetween(2_810, 3_190);
        assertThat(drawn.get("c[1]")).isBetween(2_810, 3_190);
    }

    @Test
    void aReplayDrawsTheSameWhateverWasDrawnBefore() {
        Placement first = random(1);
        List<String> drawn = new ArrayList<>();
        for (long sequence = 0; sequence < 100; sequence++) {
            drawn.add(draw(first, sequence, 2));
        }
        Placement second = random(1);

        for (int sequence = 99; sequence >= 0; sequence--) {
            assertThat(draw(second, sequence, 2)).isEqualTo(drawn.get(sequence));
        }
    }

    @Test
    void seedSubmissionAndAttemptEachChangeTheDraw() {
        List<String> bySeed = new ArrayList<>();
        List<String> bySequence = new ArrayList<>();
        List<String> byAttempt = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            bySeed.add(draw(random(i), 1, 1));
            bySequence.add(draw(random(1), i, 1));
            byAttempt.add(draw(random(1), 1, i));
        }

        assertThat(List.of(bySeed, bySequence, byAttempt))
                .doesNotHaveDuplicates()
                .allSatisfy(draws -> assertThat(draws).contains("a[0]", "a[2]", "a[3]", "c[0]", "c[1]"));
    }
}
