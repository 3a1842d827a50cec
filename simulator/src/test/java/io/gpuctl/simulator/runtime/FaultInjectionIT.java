package io.gpuctl.simulator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.FaultInjection;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.simulator.cluster.ClusterShape;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FaultInjectionIT {
    private static final NodeId NODE = new NodeId("1");
    private static final ClusterClock CLOCK = ClusterClock.atSpeed(100);
    /** 3 s of wall time. */
    private static final long DURATION_MS = 300_000;

    @TempDir
    Path directory;

    private static FaultInjection injection(FaultKind kind, int xid, int gpu) {
        return new FaultInjection(PoolId.DEFAULT, NODE, kind, xid, gpu, DURATION_MS, 0, CLOCK.nowMs());
    }

    private static StartAttempt start(Wire wire, String task, int gpu) {
        return new StartAttempt(
                PoolId.DEFAULT,
                new AttemptId(new TaskId(task), 1),
                new Allocation(NODE, ofNode(wire).getLast().incarnation(), List.of(gpu), 1000, 1024, 1000, 1024),
                Work.lasting(Work.MAX_DURATION_MS),
                0,
                CLOCK.nowMs());
    }

    private static List<NodeEvent> ofNode(Wire wire) {
        return wire.nodeEvents().stream()
                .filter(event -> event.nodeId().equals(NODE))
                .toList();
    }

    private static <T extends NodeEvent> List<T> ofNode(Wire wire, Class<T> type) {
        return ofNode(wire).stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static SimulatorConfig config(EmbeddedBroker broker) {
        return new SimulatorConfig(
                KafkaConnection.of(broker.bootstrapServers()), ClusterShape.of(3, 8, "A100"), CLOCK, "simulator-test");
    }

    @Test
    void aGpuThatBecomesTooHotEndsWhatRunsOnItAndComesBack() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var wire = new Wire(broker.bootstrapServers());
                var _ = SimulatorApp.start(config(broker))) {
            wire.awaitThat(w -> !ofNode(w).isEmpty());
            wire.send(start(wire, "a", 2));
            wire.send(start(wire, "b", 3));
            wire.awaitThat(w -> w.reports().size() == 2);

            wire.inject(injection(FaultKind.THERMAL_SHUTDOWN, 0, 2));
            wire.awaitThat(w -> !ofNode(w, NodeEvent.GpuRestored.class).isEmpty());

            var said = ofNode(wire, NodeEvent.Faulted.class).getFirst();
            assertThat(said.kind()).isEqualTo(NodeEvent.Faulted.THERMAL_SHUTDOWN);
            assertThat(said.gpu()).isEqualTo(2);
            var ended = (TaskReport.Faulted) wire.reports().getLast();
            assertThat(ended.attempt().taskId().value()).isEqualTo("a");
            assertThat(ended.lostMs()).isPositive();
            var back = ofNode(wire, NodeEvent.GpuRestored.class).getFirst();
            assertThat(back.gpu()).isEqualTo(2);
            assertThat(back.atMs() - said.atMs()).isEqualTo(DURATION_MS);
        }
    }

    @Test
    void aNodeThatCrashesIsSilentAndStartsAnew() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var wire = new Wire(broker.bootstrapServers());
                var _ = SimulatorApp.start(config(broker))) {
            wire.awaitThat(w -> !ofNode(w, NodeEvent.Heartbeat.class).isEmpty());
            long before = ofNode(wire).getLast().incarnation();

            wire.inject(injection(FaultKind.NODE_CRASH, 0, -1));
            wire.awaitThat(w -> ofNode(w).getLast().incarnation() > before);

            List<NodeEvent> events = ofNode(wire);
            int first = 0;
            while (events.get(first).incarnation() == before) {
                first++;
            }
            assertThat(events.get(first)).isInstanceOf(NodeEvent.Registered.class);
            assertThat(events.get(first).atMs() - events.get(first - 1).atMs()).isGreaterThan(DURATION_MS - 150_000);
        }
    }

    @Test
    void aNodeThatIsCutOffGoesOnUnheard() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var wire = new Wire(broker.bootstrapServers());
                var _ = SimulatorApp.start(config(broker))) {
            wire.awaitThat(w -> !ofNode(w, NodeEvent.Heartbeat.class).isEmpty());
            wire.send(start(wire, "a", 2));
            wire.awaitThat(w -> w.reports().size() == 1);

            wire.inject(injection(FaultKind.PARTITION, 0, -1));
            wire.inject(injection(FaultKind.XID, 79, 2));
            wire.awaitThat(w -> w.reports().size() == 2);

            // The fault happened while the node was cut off.
            var ended = (TaskReport.Faulted) wire.reports().getLast();
            var said = ofNode(wire, NodeEvent.Faulted.class).getFirst();
            assertThat(said.atMs()).isEqualTo(ended.atMs());
            var beats = ofNode(wire, NodeEvent.Heartbeat.class);
            assertThat(beats)
                    .noneMatch(beat -> beat.atMs() > ended.atMs() && beat.atMs() < ended.atMs() + DURATION_MS - 20_000);
            assertThat(beats.getFirst().incarnation()).isEqualTo(said.incarnation());
        }
    }
}
