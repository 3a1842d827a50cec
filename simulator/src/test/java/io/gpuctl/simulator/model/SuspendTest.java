package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.COOL;
import static io.gpuctl.simulator.model.Nodes.HOT;
import static io.gpuctl.simulator.model.Nodes.INCARNATION;
import static io.gpuctl.simulator.model.Nodes.PHYSICS;
import static io.gpuctl.simulator.model.Nodes.SCORCHING;
import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.attempt;
import static io.gpuctl.simulator.model.Nodes.fullLoad;
import static io.gpuctl.simulator.model.Nodes.inventory;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.simulator.faults.Fault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Suspended nodes resume as if no time had passed. */
class SuspendTest {
    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 60 * MINUTE_MS;
    private static final long AWAY_MS = 3 * 24 * HOUR_MS;
    private static final List<Integer> ALL = IntStream.range(0, 8).boxed().toList();

    /** Events may shift by milliseconds, since temperatures are rounded when a node is suspended. */
    private static final long ROUNDING_MS = 2;

    /** The nodes of a site, which advance together and are sometimes suspended. */
    private static final class Cluster {
        private Site site = new Site();
        private List<NodeModel> nodes;
        private final List<TaskReport> reports = new ArrayList<>();
        private long awayMs;

        Cluster(String rack, double... ambients) {
            nodes = new ArrayList<>();
            for (double ambient : ambients) {
                NodeInventory inventory = inventory(ambient).in(rack, new NodeId("n" + nodes.size()));
                nodes.add(new NodeModel(inventory, INCARNATION, PHYSICS, START_MS, EnergyMeter.NONE, habits()));
                site.add(nodes.getLast(), START_MS);
            }
        }

        private static NodeModel.Habits habits() {
            return new NodeModel.Habits(ProgressReports.WHEN_SLOW, () -> HOUR_MS);
        }

        /** {@code nowMs}: running time of the cluster. */
        void advance(long nowMs) {
            long untilMs = START_MS + nowMs + awayMs;
            while (true) {
                var next = nodes.stream()
                        .min(Comparator.comparingLong(NodeModel::nextEventMs))
                        .orElseThrow();
                if (next.nextEventMs() > untilMs) {
                    break;
                }
                note(() -> next.advance(next.nextEventMs()));
            }
            nodes.forEach(node -> note(() -> node.advance(untilMs)));
        }

        void start(int node, String task, List<Integer> gpus, int gpuMilli, Work work, long nowMs) {
            var allocation =
                    new Allocation(nodes.get(node).inventory().nodeId(), INCARNATION, gpus, gpuMilli, 1024, 100, 100);
            var start = new StartAttempt(PoolId.DEFAULT, attempt(task), allocation, work, 0, START_MS);
            note(() -> nodes.get(node).start(start, START_MS + nowMs + awayMs));
        }

        void fault(int node, FaultKind kind, double factor, long repairMs, long nowMs) {
            long atMs = START_MS + nowMs + awayMs;
            var nodeId = nodes.get(node).inventory().nodeId();
            note(() -> nodes.get(node).fault(new Fault(atMs, nodeId, kind, 0, 1, repairMs, factor), atMs));
        }

        /** Records reports with the times of a cluster that was never suspended. */
        private void note(Supplier<List<TaskReport>> happening) {
            reports.addAll(happening.get());
            nodes.forEach(NodeModel::events);
            site.takeTouched();
        }

        void suspendAndResume(long nowMs) {
            advance(nowMs);
            List<SuspendedNode> suspended = nodes.stream()
                    .map(node -> read(written(node.suspend(START_MS + nowMs + awayMs))))
                    .toList();
            awayMs += AWAY_MS;
            site = new Site();
            List<NodeModel> resumed = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                var node = NodeModel.resume(
                        nodes.get(i).inventory(),
                        suspended.get(i),
                        PHYSICS,
                        START_MS + nowMs + awayMs,
                        EnergyMeter.NONE,
                        habits());
                site.add(node, START_MS + nowMs + awayMs);
                resumed.add(node);
            }
            nodes = resumed;
        }

        long energyMicrojoules(long nowMs) {
            return nodes.stream()
                    .mapToLong(node -> node.energy(START_MS + nowMs + awayMs).gpus())
                    .sum();
        }
    }

    private static String written(SuspendedNode node) {
        try {
            return EventJson.mapper().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static SuspendedNode read(String json) {
        try {
            return EventJson.mapper().readValue(json, SuspendedNode.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatRunsEndsAsItWouldHave(long seed) {
        var stopped = new Cluster("", COOL, HOT, SCORCHING, COOL);
        var through = new Cluster("", COOL, HOT, SCORCHING, COOL);
        var random = new Random(seed);
        List<Long> stops =
                random.longs(4, MINUTE_MS, 5 * HOUR_MS).sorted().boxed().toList();

        load(through, seed);
        load(stopped, seed);
        stops.forEach(stopped::suspendAndResume);
        long endMs = 200 * HOUR_MS;
        through.advance(endMs);
        stopped.advance(endMs);

        assertThat(stopped.reports).hasSameSizeAs(through.reports);
        for (var report : through.reports) {
            long runMs = report.atMs();
            assertThat(stopped.reports)
                    .as("%s, stopped at %s", report, stops)
                    .anyMatch(other -> other.getClass() == report.getClass()
                            && other.attempt().equals(report.attempt())
                            && other.source().equals(report.source())
                            && Math.abs(other.atMs() - awayBefore(stops, runMs) - runMs) <= ROUNDING_MS);
        }
        assertThat((double) stopped.energyMicrojoules(endMs))
                .isCloseTo((double) through.energyMicrojoules(endMs), within(through.energyMicrojoules(endMs) * 1e-8));
    }

    private static long awayBefore(List<Long> stops, long runMs) {
        return AWAY_MS * stops.stream().filter(stop -> START_MS + stop < runMs).count();
    }

    /** Starts shares, whole GPUs, a gang and checkpoints, with a straggler and a GPU out of service for a while. */
    private static void load(Cluster cluster, long seed) {
        var random = new Random(seed);
        for (int node = 0; node < 4; node++) {
            cluster.start(
                    node,
                    "gang",
                    ALL.subList(0, 4),
                    1000,
                    fullLoad(3 * HOUR_MS).withCheckpoints(HOUR_MS, MINUTE_MS),
                    0);
            cluster.start(node, "share" + node, List.of(5), 500, work(random), 0);
            cluster.start(
                    node, "other" + node, List.of(5), 500, work(random).withProfile(LoadProfile.TRAINING_LARGE), 0);
            cluster.start(
                    node,
                    "pair" + node,
                    List.of(6, 7),
                    1000,
                    work(random).withCheckpoints(1 + random.nextLong(HOUR_MS), random.nextLong(MINUTE_MS)),
                    0);
        }
        cluster.fault(0, FaultKind.STRAGGLER, 0.5, 2 * HOUR_MS, 0);
        cluster.start(3, "broken", List.of(4), 1000, work(random), 0);
    }

    private static Work work(Random random) {
        return new Work(MINUTE_MS + random.nextLong(6 * HOUR_MS), 0.3 + 0.7 * random.nextDouble(), 0);
    }

    @Test
    void aWarmRackIsAsWarmAsItWas() {
        var stopped = new Cluster("r1", 42, 42);
        for (int node = 0; node < 2; node++) {
            stopped.start(node, "t" + node, ALL, 1000, fullLoad(9 * HOUR_MS), 0);
        }
        stopped.advance(HOUR_MS);
        var before =
                stopped.nodes.getFirst().telemetry(START_MS + HOUR_MS).gpus().getFirst();

        stopped.suspendAndResume(HOUR_MS);

        var after = stopped.nodes
                .getFirst()
                .telemetry(START_MS + HOUR_MS + AWAY_MS)
                .gpus()
                .getFirst();
        assertThat(after).isEqualTo(before);
        assertThat(before.clocks().reasons()).isNotEmpty();
    }

    @Test
    void whatIsDoneIsNotDoneAgainAndWhatIsOutStaysOut() {
        var cluster = new Cluster("", COOL);
        cluster.start(0, "done", List.of(0), 1000, fullLoad(1), 0);
        cluster.fault(0, FaultKind.THERMAL_SHUTDOWN, 1, 2 * HOUR_MS, 10);

        cluster.suspendAndResume(HOUR_MS);
        cluster.reports.clear();
        cluster.start(0, "done", List.of(0), 1000, fullLoad(1), HOUR_MS);
        cluster.start(0, "on-broken", List.of(1), 1000, fullLoad(1), HOUR_MS);
        cluster.advance(3 * HOUR_MS);
        cluster.start(0, "on-repaired", List.of(1), 1000, fullLoad(1), 3 * HOUR_MS);

        assertThat(cluster.reports)
                .extracting(report -> report.attempt().taskId().value(), TaskReport::getClass)
                .containsExactly(
                        tuple("on-broken", TaskReport.Faulted.class), tuple("on-repaired", TaskReport.Started.class));
    }

    @Test
    void anAttemptMayBeStoppedAfterwards() {
        var cluster = new Cluster("", COOL);
        cluster.start(0, "a", List.of(0), 1000, fullLoad(9 * HOUR_MS), 0);
        cluster.suspendAndResume(HOUR_MS);
        var node = cluster.nodes.getFirst();

        var reports = node.stop(
                new StopAttempt(PoolId.DEFAULT, node.inventory().nodeId(), INCARNATION, attempt("a"), START_MS),
                START_MS + 2 * HOUR_MS + AWAY_MS);

        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report).isInstanceOf(TaskReport.Stopped.class);
            assertThat(((TaskReport.Stopped) report).progressMs()).isEqualTo(2 * HOUR_MS);
            assertThat(report.energyMj()).isEqualTo(2 * HOUR_MS * Nodes.FULL_WATTS);
        });
    }
}
