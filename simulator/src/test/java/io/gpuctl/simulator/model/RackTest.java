package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.INCARNATION;
import static io.gpuctl.simulator.model.Nodes.PHYSICS;
import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RackTest {
    private static final long HOUR_MS = 3_600_000;
    private static final List<LoadProfile> PROFILES = List.of(LoadProfile.values());
    private static final List<Integer> ALL = IntStream.range(0, 8).boxed().toList();

    @Test
    void aBusyNeighbourWarmsAnIdleNode() {
        var rack = rack(25, 2);
        double before = celsius(rack.get(1), START_MS + HOUR_MS);

        rack.get(0).start(start(rack.get(0), "a", ALL, fullLoad(10 * HOUR_MS)), START_MS + HOUR_MS);

        // Half of the rack goes from 60 to 400 W per GPU, of 400 W.
        assertThat(celsius(rack.get(1), START_MS + 2 * HOUR_MS) - before)
                .isCloseTo(Rack.RISE_CELSIUS * 0.5 * 340 / 400, within(1e-9));
    }

    @Test
    void theAirIsLookedAtEveryTenSeconds() {
        var rack = rack(25, 2);
        long startMs = Math.ceilDiv(START_MS, Rack.PERIOD_MS) * Rack.PERIOD_MS + 60_000;
        double before = celsius(rack.get(1), startMs);

        rack.get(0).start(start(rack.get(0), "a", ALL, fullLoad(HOUR_MS)), startMs + 1);

        assertThat(celsius(rack.get(1), startMs + Rack.PERIOD_MS - 1)).isEqualTo(before);
        assertThat(celsius(rack.get(1), startMs + Rack.PERIOD_MS)).isGreaterThan(before + 1);
    }

    @Test
    void aNodeThatIsGoneWarmsNobody() {
        var rack = rack(25, 2);
        rack.get(0).start(start(rack.get(0), "a", ALL, fullLoad(10 * HOUR_MS)), START_MS);
        double beside = celsius(rack.get(1), START_MS + HOUR_MS);

        rack.get(0).leave(START_MS + HOUR_MS);

        // The node alone is the whole rack, at 60 of 400 W. Before, it was half of it, beside a node at 400 W.
        assertThat(celsius(rack.get(1), START_MS + 2 * HOUR_MS) - beside)
                .isCloseTo(Rack.RISE_CELSIUS * (60 - 230) / 400, within(1e-9));
    }

    @Test
    void aWarmRackThrottlesWhatANodeAloneWouldNot() {
        var alone = rack(38, 1).getFirst();
        var together = rack(38, 4);
        for (int i = 0; i < 4; i++) {
            together.get(i).start(start(together.get(i), "t" + i, ALL, fullLoad(HOUR_MS)), START_MS);
        }
        alone.start(start(alone, "t", ALL.subList(0, 1), fullLoad(HOUR_MS)), START_MS);

        advance(together, START_MS + HOUR_MS - 1);
        alone.advance(START_MS + HOUR_MS - 1);

        assertThat(together.get(0)
                        .telemetry(START_MS + HOUR_MS - 1)
                        .gpus()
                        .getFirst()
                        .throttled())
                .isTrue();
        assertThat(alone.telemetry(START_MS + HOUR_MS - 1).gpus().getFirst().throttled())
                .isFalse();
    }

    /** Runs the same racks and commands, asked once at each moment and once rarely, node by node in any order. */
    @Test
    void howOftenItIsAskedChangesNothing() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            double ambient = 25 + random.nextInt(25);
            var seldom = rack(ambient, 3);
            var often = rack(ambient, 3);
            List<TaskReport> seldomReports = new ArrayList<>();
            List<TaskReport> oftenReports = new ArrayList<>();
            long nowMs = START_MS;
            for (int step = 0; step < 30; step++) {
                long untilMs = nowMs + random.nextInt(200_000);
                for (int i = 0; i < 6; i++) {
                    nowMs += random.nextLong(Math.max(1, untilMs - nowMs));
                    oftenReports.addAll(often.get(random.nextInt(3)).advance(nowMs));
                }
                nowMs = untilMs;
                int node = random.nextInt(3);
                int gpu = random.nextInt(8);
                var work = new Work(random.nextInt(600_000), random.nextDouble(), 0)
                        .withProfile(PROFILES.get(random.nextInt(PROFILES.size())));
                var command = start(seldom.get(node), "t" + step, List.of(gpu), work);
                seldomReports.addAll(seldom.get(node).start(command, nowMs));
                oftenReports.addAll(often.get(node).start(command, nowMs));
                if (random.nextInt(5) == 0) {
                    oftenReports.addAll(advance(often, nowMs));
                    seldomReports.addAll(advance(seldom, nowMs));
                    for (int i = 0; i < 3; i++) {
                        assertThat(often.get(i).telemetry(nowMs))
                                .as("seed %d", seed)
                                .isEqualTo(seldom.get(i).telemetry(nowMs));
                        assertThat(often.get(i).energy(nowMs))
                                .isEqualTo(seldom.get(i).energy(nowMs));
                    }
                }
            }
            seldomReports.addAll(advance(seldom, nowMs + 100 * HOUR_MS));
            oftenReports.addAll(advance(often, nowMs + 100 * HOUR_MS));
            assertThat(sorted(oftenReports)).as("seed %d", seed).isEqualTo(sorted(seldomReports));
        }
    }

    private static List<TaskReport> sorted(List<TaskReport> reports) {
        return reports.stream()
                .sorted(Comparator.comparing(TaskReport::attempt)
                        .thenComparingLong(TaskReport::atMs)
                        .thenComparing(report -> report.getClass().getSimpleName()))
                .toList();
    }

    private static List<NodeModel> rack(double ambientCelsius, int nodes) {
        var site = new Site();
        List<NodeModel> models = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            var inventory = Nodes.inventory(ambientCelsius).in("rack", new NodeId("node-" + i));
            var model = new NodeModel(inventory, INCARNATION, PHYSICS, START_MS);
            site.add(model, START_MS);
            models.add(model);
        }
        return models;
    }

    private static StartAttempt start(NodeModel node, String task, List<Integer> gpus, Work work) {
        var allocation = new Allocation(node.inventory().nodeId(), INCARNATION, gpus, 1000, 1, 1, 1);
        return new StartAttempt(PoolId.DEFAULT, Nodes.attempt(task), allocation, work, 0, START_MS);
    }

    private static List<TaskReport> advance(List<NodeModel> nodes, long nowMs) {
        List<TaskReport> reports = new ArrayList<>();
        nodes.forEach(node -> reports.addAll(node.advance(nowMs)));
        return reports;
    }

    private static double celsius(NodeModel node, long nowMs) {
        node.advance(nowMs);
        return node.telemetry(nowMs).gpus().getFirst().temperatureCelsius();
    }
}
