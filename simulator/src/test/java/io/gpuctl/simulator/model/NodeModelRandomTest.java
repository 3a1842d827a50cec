package io.gpuctl.simulator.model;

import static io.gpuctl.simulator.model.Nodes.ID;
import static io.gpuctl.simulator.model.Nodes.INCARNATION;
import static io.gpuctl.simulator.model.Nodes.START_MS;
import static io.gpuctl.simulator.model.Nodes.attempt;
import static io.gpuctl.simulator.model.Nodes.start;
import static io.gpuctl.simulator.model.Nodes.stop;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskReport.Checkpointed;
import io.gpuctl.events.TaskReport.Completed;
import io.gpuctl.events.TaskReport.Failed;
import io.gpuctl.events.TaskReport.Faulted;
import io.gpuctl.events.TaskReport.Progressed;
import io.gpuctl.events.TaskReport.Started;
import io.gpuctl.events.TaskReport.Stopped;
import io.gpuctl.events.Work;
import io.gpuctl.simulator.faults.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Runs thousands of seeded nodes under random commands, each with a twin that is asked far more often. */
class NodeModelRandomTest {
    private static final int SEEDS = 3000;
    private static final int STEPS = 40;

    @Test
    void keepsItsInvariantsForEverySeed() {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                new Run(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("With seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class Run {
        private final Random random;
        private final double ambient;
        private final NodeModel node;
        private final NodeModel twin;
        private final List<TaskReport> reports = new ArrayList<>();
        private final List<TaskReport> twinReports = new ArrayList<>();
        private final List<NodeEvent> events = new ArrayList<>();
        private final List<NodeEvent> twinEvents = new ArrayList<>();
        private final Map<AttemptId, Allocation> asked = new LinkedHashMap<>();
        private final Map<AttemptId, Long> ended = new LinkedHashMap<>();
        private long nowMs = START_MS;

        Run(long seed) {
            random = new Random(seed);
            ambient = 20 + random.nextInt(45);
            var habits = new NodeModel.Habits(
                    List.of(ProgressReports.values()).get(random.nextInt(ProgressReports.values().length)),
                    () -> 600_000);
            node = new NodeModel(
                    Nodes.inventory(ambient), Nodes.INCARNATION, Nodes.PHYSICS, START_MS, ended::put, habits);
            twin = new NodeModel(
                    Nodes.inventory(ambient), Nodes.INCARNATION, Nodes.PHYSICS, START_MS, EnergyMeter.NONE, habits);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                letTimePass();
                command();
                events.addAll(node.events());
                twinEvents.addAll(twin.events());
                checkCapacity();
                checkPhysics();
            }
            reports.addAll(node.advance(nowMs + 10 * Work.MAX_DURATION_MS));
            twinReports.addAll(twin.advance(nowMs + 10 * Work.MAX_DURATION_MS));
            assertThat(node.running()).isEmpty();
            checkEnergy(node.energy(nowMs + 10 * Work.MAX_DURATION_MS));
            assertThat(twinReports).isEqualTo(reports);
            assertThat(twinEvents).isEqualTo(events);
            checkReports();
            checkReportedEnergy();
        }

        private void letTimePass() {
            long untilMs = nowMs + (random.nextInt(4) == 0 ? random.nextLong(50_000_000) : random.nextInt(60_000));
            for (int i = 0; i < 5; i++) {
                nowMs += random.nextLong(Math.max(1, untilMs - nowMs));
                twinReports.addAll(twin.advance(nowMs));
                twin.telemetry(nowMs);
            }
            nowMs = untilMs;
        }

        private void command() {
            String task = "t" + random.nextInt(2 * STEPS);
            if (random.nextInt(6) == 0) {
                Fault fault = fault();
                reports.addAll(node.fault(fault, nowMs));
                twinReports.addAll(twin.fault(fault, nowMs));
                return;
            }
            if (random.nextInt(5) == 0) {
                reports.addAll(node.stop(stop(task), nowMs));
                twinReports.addAll(twin.stop(stop(task), nowMs));
                return;
            }
            var command = start(task, asked.computeIfAbsent(attempt(task), _ -> allocation()), work());
            reports.addAll(node.start(command, nowMs));
            twinReports.addAll(twin.start(command, nowMs));
        }

        private Fault fault() {
            int[] xids = {31, 43, 45, 48, 63, 64, 74, 79, 94, 95, 119};
            FaultKind kind = List.of(
                            FaultKind.XID,
                            FaultKind.XID,
                            FaultKind.STRAGGLER,
                            FaultKind.THERMAL_SHUTDOWN,
                            FaultKind.ECC_SINGLE_BIT)
                    .get(random.nextInt(5));
            return new Fault(
                    nowMs,
                    ID,
                    kind,
                    kind == FaultKind.XID ? xids[random.nextInt(xids.length)] : 0,
                    random.nextInt(9) - 1,
                    random.nextLong(3_000_000),
                    kind == FaultKind.STRAGGLER ? 0.1 + 0.8 * random.nextDouble() : 1);
        }

        private Allocation allocation() {
            boolean shared = random.nextInt(3) > 0;
            int count = shared ? 1 : random.nextInt(5);
            int first = random.nextInt(9);
            return new Allocation(
                    ID,
                    INCARNATION,
                    IntStream.range(first, first + count).boxed().toList(),
                    shared ? 1 + random.nextInt(700) : 1000,
                    random.nextInt(60_000),
                    random.nextInt(40_000),
                    random.nextInt(400_000));
        }

        private Work work() {
            long durationMs = random.nextInt(10) == 0 ? random.nextLong(20_000_000) : random.nextInt(300_000);
            LoadProfile[] profiles = LoadProfile.values();
            Work work = new Work(durationMs, random.nextDouble(), random.nextInt(4) == 0 ? 1 : 0);
            if (random.nextInt(3) == 0) {
                work = work.withCheckpoints(5_000 + random.nextInt(500_000), random.nextInt(20_000));
            }
            return work.withProfile(profiles[random.nextInt(profiles.length)]);
        }

        private void checkCapacity() {
            int[] milli = new int[8];
            long[] memoryMib = new long[8];
            long cpuMilli = 0;
            long hostMemoryMib = 0;
            for (var id : node.running()) {
                var held = asked.get(id);
                held.gpus().forEach(gpu -> milli[gpu] += held.gpuMilli());
                held.gpus().forEach(gpu -> memoryMib[gpu] += held.gpuMemoryMib());
                cpuMilli += held.cpuMilli();
                hostMemoryMib += held.memoryMib();
            }
            assertThat(Arrays.stream(milli)).allMatch(used -> used <= 1000);
            assertThat(Arrays.stream(memoryMib)).allMatch(used -> used <= 81_920);
            assertThat(cpuMilli).isLessThanOrEqualTo(128_000);
            assertThat(hostMemoryMib).isLessThanOrEqualTo(1_048_576);
        }

        private void checkPhysics() {
            var measured = node.telemetry(nowMs).gpus();
            assertThat(twin.telemetry(nowMs).gpus()).isEqualTo(measured);
            for (NodeTelemetry.Gpu gpu : measured) {
                assertThat(gpu.powerWatts()).isBetween(60.0, 400.0);
                // Full load tends to 47 C above ambient. Hardware slows down at 89 C; heat in the sink may add.
                assertThat(gpu.temperatureCelsius()).isBetween(ambient, Math.min(ambient + 47, 92) + 1e-9);
                // A GPU that cools down by itself, such as one with a warm sink and a light load, is not throttled.
                assertThat(gpu.throttled() || gpu.temperatureCelsius() < 88).isTrue();
            }
            checkEnergy(node.energy(nowMs));
            assertThat(twin.energy(nowMs)).isEqualTo(node.energy(nowMs));
        }

        /** Checks that energy adds up, to the microjoule. */
        private void checkEnergy(NodeEnergy energy) {
            assertThat(energy.attempts() + energy.idle()).isEqualTo(energy.gpus());
            long metered = metered();
            assertThat(node.running().isEmpty() ? metered : energy.attempts()).isEqualTo(energy.attempts());
            assertThat(metered).isLessThanOrEqualTo(energy.attempts());
        }

        private long metered() {
            return ended.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Checks that each ended attempt was reported once with its energy, to the nearest millijoule. */
        private void checkReportedEnergy() {
            var reported = new LinkedHashMap<AttemptId, Long>();
            reports.forEach(report -> reported.merge(report.attempt(), report.energyMj(), Long::sum));
            ended.forEach((id, microjoules) -> assertThat(1_000 * reported.getOrDefault(id, 0L) - microjoules)
                    .isBetween(-500L, 500L));
            reported.keySet().removeAll(ended.keySet());
            assertThat(reported.values()).allMatch(energyMj -> energyMj == 0);
        }

        private void checkReports() {
            var started = new TreeSet<AttemptId>();
            var ended = new TreeSet<AttemptId>();
            long latestMs = START_MS;
            for (var report : reports) {
                assertThat(report.atMs()).isGreaterThanOrEqualTo(latestMs);
                latestMs = report.atMs();
                var id = report.attempt();
                switch (report) {
                    case Started _ -> assertThat(started.add(id)).isTrue();
                    case Completed _ ->
                        assertThat(started.contains(id) && ended.add(id)).isTrue();
                    case Failed failed -> {
                        assertThat(started.contains(id)).isEqualTo(failed.exitCode() != -1);
                        assertThat(ended.add(id)).isTrue();
                    }
                    case Stopped _ -> ended.add(id);
                    case Faulted _ -> assertThat(ended.add(id)).isTrue();
                    case Progressed _, Checkpointed _ ->
                        assertThat(started.contains(id) && !ended.contains(id)).isTrue();
                }
            }
            assertThat(ended).containsAll(started);
        }
    }
}
