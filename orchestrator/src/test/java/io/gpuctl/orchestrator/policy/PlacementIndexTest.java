package io.gpuctl.orchestrator.policy;

import static io.gpuctl.orchestrator.policy.FactCluster.shape;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TaskId;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.Placement;
import io.gpuctl.orchestrator.core.Placement.Candidate;
import io.gpuctl.orchestrator.core.Placement.Choice;
import io.gpuctl.orchestrator.core.Placement.Nowhere;
import io.gpuctl.orchestrator.core.Placement.Place;
import io.gpuctl.orchestrator.core.Placement.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The index of a placement only saves time: the placement decides like one that examines every node each time. */
class PlacementIndexTest {
    private static final int SEEDS = 8;
    private static final int STEPS = 600;

    static Stream<Arguments> policies() {
        return Policies.descriptions().stream()
                .filter(description -> description.role() == PolicyDescription.Role.PLACEMENT)
                .flatMap(description -> Stream.of(0.0, 1.0).map(shuffle -> Arguments.of(description.name(), shuffle)));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void decidesAsAFullScanDoes(String policy, double shuffle) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            var run = new RandomRun(new PolicySpec(policy, Map.of("shuffle_nodes", shuffle), seed));
            for (int step = 0; step < STEPS; step++) {
                run.step("seed %d, step %d".formatted(seed, step));
            }
        }
    }

    @Test
    void whoIsFarBehindCatchesUp() {
        var run = new RandomRun(PolicySpec.named("best-fit"));
        run.step("before");
        for (int i = 0; i < 5_000; i++) {
            run.cluster.complete(run.cluster.run(run.anyNode(), shape(GpuRequest.NONE, 0), List.of()));
        }
        for (int step = 0; step < STEPS; step++) {
            run.step("step " + step);
        }
    }

    @Test
    void shapesThatWereDroppedAreLookedAtAnew() {
        var run = new RandomRun(PolicySpec.named("best-fit"));
        for (int round = 0; round < 2; round++) {
            for (int cpuMilli = 0; cpuMilli < 1_100; cpuMilli++) {
                run.check(new Request(shape(GpuRequest.whole(1, 0), cpuMilli), 1, 1), "CPU " + cpuMilli);
            }
            run.change();
        }
    }

    @Test
    void followsTheNodesOfAnotherPool() {
        Placement placement = Policies.create(PolicySpec.named("fgd")).placement();
        Request request = new Request(shape(GpuRequest.whole(1, 0), 0), 1, 1);
        var one = new FactCluster().start("a", 1, 64_000);
        var other = new FactCluster().start("b", 1, 64_000);

        for (FactCluster cluster : List.of(one, other, one)) {
            Place place = (Place) placement.choose(request, cluster.nodes());
            assertThat(cluster.nodes()).contains(place.parts().getFirst().node());
        }
    }

    /** A cluster with random events, and a placement that chooses in between. */
    private static final class RandomRun {
        private static final List<String> MODELS = List.of("A100", "T4");

        final FactCluster cluster = new FactCluster();
        private final PolicySpec spec;
        private final Random random;
        private final Placement placement;
        private final List<TaskId> running = new ArrayList<>();
        private final List<Shape> shapes = new ArrayList<>();
        private long submitSequence;

        RandomRun(PolicySpec spec) {
            this.spec = spec;
            random = new Random(spec.seed());
            placement = Policies.create(spec).placement();
            for (int i = 0; i < 12; i++) {
                shapes.add(randomShape());
            }
            for (int i = 0; i < 20; i++) {
                startNode();
            }
        }

        void step(String when) {
            change();
            Request request = new Request(shapes.get(random.nextInt(shapes.size())), submitSequence++, 1);
            Choice choice = check(request, when);
            if (choice instanceof Place place && random.nextInt(4) > 0) {
                Placement.Part part = place.parts().getFirst();
                running.add(cluster.run(part.node(), request.shape(), part.gpus()));
            }
        }

        Choice check(Request request, String when) {
            Choice choice = placement.choose(request, cluster.nodes());
            assertThat(choice).as("%s with %s: %s", spec, request, when).isEqualTo(scan(request));
            return choice;
        }

        void change() {
            Node node = anyNode();
            switch (random.nextInt(12)) {
                case 0 -> {
                    if (random.nextInt(4) == 0) {
                        startNode();
                    }
                }
                case 1, 2, 3 -> {
                    if (!running.isEmpty()) {
                        cluster.complete(running.remove(random.nextInt(running.size())));
                    }
                }
                case 4 -> {
                    if (node.state() == NodeState.UP) {
                        cluster.suspect(node);
                    } else {
                        cluster.recover(node);
                    }
                }
                case 5, 6 -> cluster.heat(node, 30 + random.nextInt(60));
                case 7 -> {
                    if (node.held().isEmpty()) { // The node restarts with another inventory.
                        startNode(node.id().value());
                    }
                }
                default -> {}
            }
        }

        Node anyNode() {
            return cluster.nodes().stream()
                    .skip(random.nextInt(cluster.nodes().size()))
                    .findFirst()
                    .orElseThrow();
        }

        private void startNode() {
            startNode("node-" + random.nextInt(1_000_000));
        }

        private void startNode(String nodeId) {
            cluster.start(
                    nodeId,
                    MODELS.get(random.nextInt(MODELS.size())),
                    random.nextInt(9),
                    16_000L * (1 + random.nextInt(4)));
        }

        private Shape randomShape() {
            GpuRequest gpus = switch (random.nextInt(4)) {
                case 0 -> GpuRequest.NONE;
                case 1 -> GpuRequest.whole(1 + random.nextInt(4), 0);
                default -> GpuRequest.share(50 * (1 + random.nextInt(19)), random.nextInt(2) * 30_000L);
            };
            List<String> models = random.nextInt(3) == 0 ? List.of(MODELS.get(random.nextInt(2))) : List.of();
            return new Shape(gpus, random.nextInt(9) * 1_000L, random.nextInt(2) * 200_000L, models);
        }

        /** The reference: all candidates in the order that breaks ties; the highest score wins. */
        private Choice scan(Request request) {
            Map<Node, Candidate> byNode = new LinkedHashMap<>();
            placement.explain(request, cluster.nodes()).forEach(candidate -> byNode.put(candidate.node(), candidate));
            boolean shuffled = spec.weights().getOrDefault("shuffle_nodes", 0.0) != 0;
            NodeOrder order = shuffled ? NodeOrder.shuffled(spec.seed()) : NodeOrder.byId();
            List<Candidate.Scored> fitting = new ArrayList<>();
            PendingReason.Tally tally = new PendingReason.Tally();
            for (Node node : order.of(cluster.nodes())) {
                switch (byNode.get(node)) {
                    case Candidate.RuledOut out -> tally.add(out.obstacle());
                    case Candidate.Scored scored -> fitting.add(scored);
                }
            }
            if (fitting.isEmpty()) {
                return new Nowhere(tally.reason());
            }
            Candidate.Scored best = spec.name().equals(RandomFit.NAME)
                    ? fitting.get(new RandomFit(spec.seed()).nodeNumber(request, fitting.size()))
                    : firstOfBest(fitting);
            return Place.on(best.node(), best.gpus(), best.parts());
        }

        private static Candidate.Scored firstOfBest(List<Candidate.Scored> candidates) {
            Candidate.Scored best = candidates.getFirst();
            for (Candidate.Scored candidate : candidates) {
                if (candidate.total() > best.total()) {
                    best = candidate;
                }
            }
            return best;
        }
    }
}
