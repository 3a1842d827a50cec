package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.COOL;
import static io.gpuctl.simulator.model.Nodes.HOT;
import static io.gpuctl.simulator.model.Nodes.INCARNATION;
import static io.gpuctl.simulator.model.Nodes.PHYSICS;
import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.attempt;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskReport.Completed;
import io.gpuctl.events.TaskReport.Progressed;
import io.gpuctl.events.TaskReport.Stopped;
import io.gpuctl.events.Work;
import io.gpuctl.simulator.faults.Fault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An attempt with parts on several nodes of a site. */
class GangTest {
    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 60 * MINUTE_MS;
    private static final List<LoadProfile> PROFILES = List.of(LoadProfile.values());
    private static final List<Integer> ALL = IntStream.range(0, 8).boxed().toList();
    private static final double BOOST_MHZ = 1410;

    @Test
    void allPartsGoAtThePaceOfTheHottestNode() {
        var gang = site("", COOL, HOT, COOL);
        var hotAlone = site("", HOT);
        startAll(gang, "a", fullLoad(HOUR_MS));
        startAll(hotAlone, "a", fullLoad(HOUR_MS));

        long aloneMs = end(advance(hotAlone, START_MS + 10 * HOUR_MS));

        assertThat(aloneMs).isGreaterThan(START_MS + HOUR_MS + MINUTE_MS);
        assertThat(advance(gang, START_MS + 10 * HOUR_MS))
                .filteredOn(Completed.class::isInstance)
                .extracting(TaskReport::atMs)
                .containsExactly(aloneMs, aloneMs, aloneMs);
    }

    @Test
    void aStragglerHoldsUpAllAndAloneTellsThatItIsSlow() {
        var gang = site("", COOL, COOL);
        startAll(gang, "a", fullLoad(HOUR_MS));
        long slowMs = START_MS + 10 * MINUTE_MS;

        List<TaskReport> reports = new ArrayList<>(advance(gang, slowMs));
        reports.addAll(gang.get(0).fault(straggler(gang.get(0), 20 * MINUTE_MS, 0.5), slowMs));
        reports.addAll(advance(gang, START_MS + 10 * HOUR_MS));

        assertThat(reports)
                .filteredOn(Completed.class::isInstance)
                .extracting(TaskReport::atMs)
                .containsExactly(START_MS + HOUR_MS + 10 * MINUTE_MS, START_MS + HOUR_MS + 10 * MINUTE_MS);
        assertThat(reports)
                .filteredOn(Progressed.class::isInstance)
                .isNotEmpty()
                .allSatisfy(report -> assertThat(report.source().nodeId())
                        .isEqualTo(gang.get(0).inventory().nodeId()));
    }

    @Test
    void othersOnItsNodesAreNotHeldUp() {
        var gang = site("", COOL, COOL);
        startAll(gang, "a", fullLoad(HOUR_MS), List.of(0));
        gang.get(1).start(start(gang.get(1), "b", List.of(1), fullLoad(HOUR_MS)), START_MS);

        gang.get(0).fault(straggler(gang.get(0), 0, 0.5), START_MS);

        assertThat(advance(gang, START_MS + 10 * HOUR_MS))
                .filteredOn(Completed.class::isInstance)
                .extracting(report -> report.attempt().taskId().value(), TaskReport::atMs)
                .containsExactlyInAnyOrder(
                        tuple("b", START_MS + HOUR_MS),
                        tuple("a", START_MS + 2 * HOUR_MS),
                        tuple("a", START_MS + 2 * HOUR_MS));
    }

    @Test
    void aPartThatIsOverIsWaitedForNoMore() {
        var gang = site("", COOL, COOL);
        startAll(gang, "a", fullLoad(HOUR_MS));
        gang.get(0).fault(straggler(gang.get(0), 0, 0.5), START_MS);
        long stopMs = START_MS + 20 * MINUTE_MS;
        advance(gang, stopMs);

        var stop = new StopAttempt(PoolId.DEFAULT, gang.get(0).inventory().nodeId(), INCARNATION, attempt("a"), stopMs);
        var stopped = gang.get(0).stop(stop, stopMs).getLast();

        // Both have done half of 20 minutes; the other part continues at full clock.
        assertThat(((Stopped) stopped).progressMs()).isEqualTo(10 * MINUTE_MS);
        assertThat(end(advance(gang, START_MS + 10 * HOUR_MS))).isEqualTo(stopMs + 50 * MINUTE_MS);
    }

    @Test
    void aNodeThatIsGoneIsWaitedForNoMore() {
        var gang = site("", COOL, COOL);
        startAll(gang, "a", fullLoad(HOUR_MS));
        gang.get(0).fault(straggler(gang.get(0), 0, 0.5), START_MS);
        long goneMs = START_MS + 20 * MINUTE_MS;
        advance(gang, goneMs);

        gang.get(0).leave(goneMs);

        assertThat(end(gang.get(1).advance(START_MS + 10 * HOUR_MS))).isEqualTo(goneMs + 50 * MINUTE_MS);
    }

    /** Compares with the sum of the slowest measured clock over all milliseconds. */
    @Test
    void theWorkIsTheIntegralOfTheSlowestClock() {
        for (long seed = 0; seed < 4; seed++) {
            var random = new Random(seed);
            var gang = site("", 38 + random.nextDouble() * 20, 38 + random.nextDouble() * 20);
            long durationMs = 200_000L + random.nextInt(300_000);
            startAll(gang, "a", new Work(durationMs, 1, 0).withProfile(LoadProfile.STEADY), List.of(0, 1));
            long left = durationMs * GpuPhysics.FULL_CLOCK_MILLI;
            long nowMs = START_MS;
            List<TaskReport> reports = new ArrayList<>();
            while (left > 0) {
                if (random.nextInt(20_000) == 0) {
                    NodeModel node = gang.get(random.nextInt(2));
                    int gpu = 2 + random.nextInt(6);
                    String task = "t" + nowMs;
                    reports.addAll(node.start(start(node, task, List.of(gpu), fullLoad(100_000)), nowMs));
                }
                left -= slowestMilli(gang, nowMs);
                nowMs++;
                reports.addAll(advance(gang, nowMs));
            }
            long expectedMs = nowMs;
            assertThat(reports)
                    .as("seed %d", seed)
                    .filteredOn(report ->
                            report instanceof Completed && report.attempt().equals(attempt("a")))
                    .extracting(TaskReport::atMs)
                    .containsExactly(expectedMs, expectedMs);
        }
    }

    /** Runs the same nodes under the same commands and faults, asked once at many times and once at few. */
    @Test
    void howOftenItIsAskedChangesNothing() {
        for (long seed = 0; seed < 100; seed++) {
            var random = new Random(seed);
            String rack = random.nextBoolean() ? "rack" : "";
            double[] ambient = IntStream.range(0, 3)
                    .mapToDouble(_ -> 25 + random.nextInt(30))
                    .toArray();
            var seldom = site(rack, ambient);
            var often = site(rack, ambient);
            List<TaskReport> seldomReports = new ArrayList<>();
            List<TaskReport> oftenReports = new ArrayList<>();
            long nowMs = START_MS;
            for (int step = 0; step < 30; step++) {
                long untilMs = nowMs + random.nextInt(200_000);
                for (int i = 0; i < 6; i++) {
                    nowMs += random.nextLong(Math.max(1, untilMs - nowMs));
                    oftenReports.addAll(advance(often, nowMs));
                }
                nowMs = untilMs;
                oftenReports.addAll(advance(often, nowMs));
                seldomReports.addAll(advance(seldom, nowMs));
                int node = random.nextInt(3);
                List<Integer> gpus = List.of(random.nextInt(8));
                long checkpointCostMs = random.nextBoolean() ? 0 : 1 + random.nextInt(2_000);
                var work = new Work(random.nextInt(600_000), random.nextDouble(), 0)
                        .withProfile(PROFILES.get(random.nextInt(PROFILES.size())))
                        .withCheckpoints(checkpointCostMs == 0 ? 0 : 60_000, checkpointCostMs);
                switch (random.nextInt(3)) {
                    case 0 -> {
                        oftenReports.addAll(startAll(often, "t" + step, work, gpus, nowMs));
                        seldomReports.addAll(startAll(seldom, "t" + step, work, gpus, nowMs));
                    }
                    case 1 -> {
                        var command = start(seldom.get(node), "t" + step, gpus, work);
                        oftenReports.addAll(often.get(node).start(command, nowMs));
                        seldomReports.addAll(seldom.get(node).start(command, nowMs));
                    }
                    default -> {
                        var fault = straggler(seldom.get(node), 1 + random.nextInt(100_000), 0.1 + random.nextDouble());
                        oftenReports.addAll(often.get(node).fault(fault, nowMs));
                        seldomReports.addAll(seldom.get(node).fault(fault, nowMs));
                    }
                }
            }
            oftenReports.addAll(advance(often, nowMs + 100 * HOUR_MS));
            seldomReports.addAll(advance(seldom, nowMs + 100 * HOUR_MS));
            assertThat(oftenReports).as("seed %d", seed).anyMatch(Completed.class::isInstance);
            assertThat(sorted(oftenReports)).as("seed %d", seed).isEqualTo(sorted(seldomReports));
            for (int i = 0; i < 3; i++) {
                assertThat(often.get(i).isIdle()).isTrue();
            }
        }
    }

    private static int slowestMilli(List<NodeModel> gang, long nowMs) {
        int slowest = GpuPhysics.FULL_CLOCK_MILLI;
        for (NodeModel node : gang) {
            for (NodeTelemetry.Gpu gpu : node.telemetry(nowMs).gpus().subList(0, 2)) {
                slowest = Math.min(slowest, (int) Math.round(gpu.smClockMhz() * 1_000 / BOOST_MHZ));
            }
        }
        return slowest;
    }

    private static List<NodeModel> site(String rack, double... ambientCelsius) {
        var site = new Site();
        var habits = new NodeModel.Habits(ProgressReports.WHEN_SLOW, () -> HOUR_MS);
        List<NodeModel> nodes = new ArrayList<>();
        for (double celsius : ambientCelsius) {
            NodeInventory inventory = Nodes.inventory(celsius).in(rack, new NodeId("node-" + nodes.size()));
            var node = new NodeModel(inventory, INCARNATION, PHYSICS, START_MS, EnergyMeter.NONE, habits);
            site.add(node, START_MS);
            nodes.add(node);
        }
        return nodes;
    }

    private static void startAll(List<NodeModel> nodes, String task, Work work) {
        startAll(nodes, task, work, ALL);
    }

    private static void startAll(List<NodeModel> nodes, String task, Work work, List<Integer> gpus) {
        startAll(nodes, task, work, gpus, START_MS);
    }

    private static List<TaskReport> startAll(
            List<NodeModel> nodes, String task, Work work, List<Integer> gpus, long nowMs) {
        List<TaskReport> reports = new ArrayList<>();
        nodes.forEach(node -> reports.addAll(node.start(start(node, task, gpus, work), nowMs)));
        return reports;
    }

    private static StartAttempt start(NodeModel node, String task, List<Integer> gpus, Work work) {
        var allocation = new Allocation(node.inventory().nodeId(), INCARNATION, gpus, 1000, 1, 1, 1);
        return new StartAttempt(PoolId.DEFAULT, attempt(task), allocation, work, 0, START_MS);
    }

    private static Fault straggler(NodeModel node, long lastsMs, double factor) {
        return new Fault(
                0, node.inventory().nodeId(), FaultKind.STRAGGLER, 0, Fault.WHOLE_NODE, lastsMs, Math.min(1, factor));
    }

    /** Advances all nodes together. */
    private static List<TaskReport> advance(List<NodeModel> nodes, long nowMs) {
        List<TaskReport> reports = new ArrayList<>();
        NodeModel first = first(nodes);
        while (first.nextEventMs() <= nowMs) {
            reports.addAll(first.advance(first.nextEventMs()));
            first = first(nodes);
        }
        nodes.forEach(node -> reports.addAll(node.advance(nowMs)));
        return reports;
    }

    private static NodeModel first(List<NodeModel> nodes) {
        return nodes.stream()
                .min(Comparator.comparingLong(NodeModel::nextEventMs))
                .orElseThrow();
    }

    private static long end(List<TaskReport> reports) {
        return reports.stream()
                .filter(Completed.class::isInstance)
                .mapToLong(TaskReport::atMs)
                .max()
                .orElseThrow();
    }

    private static List<TaskReport> sorted(List<TaskReport> reports) {
        return reports.stream()
                .sorted(Comparator.comparing(TaskReport::attempt)
                        .thenComparing(report -> report.source().nodeId())
                        .thenComparingLong(TaskReport::atMs)
                        .thenComparing(report -> report.getClass().getSimpleName()))
                .toList();
    }
}
