package io.gpuctl.orchestrator.policy;

import static io.gpuctl.orchestrator.policy.FactCluster.shape;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Placement.Place;
import io.gpuctl.orchestrator.core.Placement.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The choice between equal nodes. */
class TieOrderTest {
    private static final Request ONE_GPU = new Request(shape(GpuRequest.whole(1, 0), 0), 1, 1);

    private final FactCluster cluster = new FactCluster();

    private String chosen(PolicySpec spec, Request request) {
        Place place = (Place) Policies.create(spec).placement().choose(request, cluster.nodes());
        return place.parts().getFirst().node().id().value();
    }

    private static PolicySpec shuffled(String policy, long seed) {
        return new PolicySpec(policy, Map.of("shuffle_nodes", 1.0), seed);
    }

    private List<String> order(long seed) {
        return NodeOrder.shuffled(seed).of(cluster.nodes()).stream()
                .map(node -> node.id().value())
                .toList();
    }

    @Test
    void theFirstByIdWhateverCameFirst() {
        cluster.start("c", 4, 64_000).start("a", 4, 64_000).start("b", 4, 64_000);

        for (String policy : List.of("fifo", "intelligent", "best-fit", "dot-product", "gpu-packing", "fgd")) {
            assertThat(chosen(PolicySpec.named(policy), ONE_GPU)).isEqualTo("a");
        }
    }

    @Test
    void ifShuffledEachNodeIsTheFirstForSomeSeed() {
        cluster.start("a", 4, 64_000).start("b", 4, 64_000).start("c", 4, 64_000);
        Map<String, Integer> firsts = new TreeMap<>();
        for (long seed = 1; seed <= 3_000; seed++) {
            firsts.merge(chosen(shuffled("best-fit", seed), ONE_GPU), 1, Integer::sum);
        }

        // 3000 draws of three nodes: 1000 for each node, within four standard deviations of 26.
        assertThat(firsts)
                .containsOnlyKeys("a", "b", "c")
                .allSatisfy((node, count) -> assertThat(count).isBetween(896, 1_104));
    }

    @Test
    void theSameSeedGivesTheSameOrderWhateverCameFirst() {
        cluster.start("a", 4, 64_000).start("b", 4, 64_000).start("c", 4, 64_000);
        var other = new FactCluster();
        other.start("c", 4, 64_000).start("a", 4, 64_000).start("b", 4, 64_000);

        assertThat(NodeOrder.shuffled(7).of(other.nodes()))
                .extracting(Node::id)
                .containsExactlyElementsOf(NodeOrder.shuffled(7).of(cluster.nodes()).stream()
                        .map(Node::id)
                        .toList());
    }

    @Test
    void nodesKeepTheirOrderWhenOthersCome() {
        for (int i = 0; i < 20; i++) {
            cluster.start("node-" + i, 1, 1_000);
        }
        List<String> before = order(3);
        for (int i = 20; i < 40; i++) {
            cluster.start("node-" + i, 1, 1_000);
        }
        List<String> after = new ArrayList<>(order(3));
        after.retainAll(before);

        assertThat(after)
                .isEqualTo(before)
                .isNotEqualTo(before.stream().sorted().toList());
    }

    @Test
    void aHigherScoreBeatsTheOrder() {
        cluster.start("a", 8, 128_000).start("b", 2, 16_000);

        assertThat(chosen(PolicySpec.named("best-fit"), ONE_GPU)).isEqualTo("b");
    }
}
