package io.gpuctl.simulator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeEvent.Heartbeat;
import io.gpuctl.events.NodeEvent.Registered;
import io.gpuctl.events.NodeEvent.ShutDown;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskReport.Completed;
import io.gpuctl.events.TaskReport.Started;
import io.gpuctl.events.TaskReport.Stopped;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.DeadLetters;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.TopicSetup;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.simulator.cluster.ClusterShape;
import io.gpuctl.simulator.cluster.GpuModels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SimulatorAppIT {
    private static final NodeId NODE = new NodeId("1");
    private static final int PARTITION = PoolPartitioner.partition(PoolId.DEFAULT);
    private static final ClusterClock CLOCK = ClusterClock.atSpeed(100);

    @TempDir
    Path directory;

    @Test
    void registersBeatsAndMeasures() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var wire = new Wire(broker.bootstrapServers());
                var app = SimulatorApp.start(config(broker))) {
            wire.awaitThat(w -> events(w, Heartbeat.class).size() >= 6);

            assertThat(app.failure()).isEmpty();
            assertThat(events(wire, Registered.class))
                    .extracting(Registered::inventory)
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("gpuHardware")
                    .containsAll(ClusterShape.of(3, 8, "A100"))
                    .allMatch(inventory -> inventory.gpuHardware() != null);
            assertThat(events(wire, Heartbeat.class))
                    .allMatch(beat -> beat.running().isEmpty());
            assertThat(wire.telemetry())
                    .isNotEmpty()
                    .allMatch(measured -> measured.gpus().size() == 8);
        }
    }

    @Test
    void measuresLessOftenThanItBeats() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var wire = new Wire(broker.bootstrapServers());
                var _ = SimulatorApp.start(config(broker).withTelemetryInterval(Duration.ofSeconds(3)))) {
            wire.awaitThat(w -> w.telemetry().size() >= 6);

            assertThat(wire.telemetry()).allMatch(measured -> measured.intervalMs() == 3_000);
            // Three nodes: at least the second measurement of each came after three more beats of each.
            assertThat(events(wire, Heartbeat.class))
                    .hasSizeGreaterThan(wire.telemetry().size());
        }
    }

    @Test
    void runsAnAttemptToItsEnd() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var wire = new Wire(broker.bootstrapServers());
                var _ = SimulatorApp.start(config(broker))) {
            wire.send(start(incarnation(wire), "a", 300_000));
            wire.awaitThat(w -> w.reports().size() == 2);

            var started = wire.reports().getFirst();
            var ended = wire.reports().getLast();
            assertThat(started).isInstanceOf(Started.class);
            assertThat(ended).isInstanceOf(Completed.class);
            assertThat(ended.atMs() - started.atMs()).isEqualTo(300_000);
            assertThat(ended.attempt()).isEqualTo(attempt("a"));
            assertThat(events(wire, Heartbeat.class))
                    .anyMatch(beat -> beat.running().equals(List.of(attempt("a"))));
            assertThat(wire.telemetry())
                    .anyMatch(measured -> measured.gpus().getFirst().utilization() > 0.5);
        }
    }

    @Test
    void stopsAnAttempt() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var wire = new Wire(broker.bootstrapServers());
                var _ = SimulatorApp.start(config(broker))) {
            long incarnation = incarnation(wire);
            wire.send(start(incarnation, "a", Work.MAX_DURATION_MS));
            wire.awaitThat(w -> w.reports().size() == 1);
            wire.send(new StopAttempt(PoolId.DEFAULT, NODE, incarnation, attempt("a"), CLOCK.nowMs()));
            wire.awaitThat(w -> w.reports().size() == 2);

            assertThat(wire.reports().getLast()).isInstanceOf(Stopped.class);
        }
    }

    @Test
    void buriesGarbageAndGoesOn() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var wire = new Wire(broker.bootstrapServers());
                var app = SimulatorApp.start(config(broker))) {
            long incarnation = incarnation(wire);
            wire.sendGarbage(PARTITION, "{\"type\":\"explode\"}".getBytes(StandardCharsets.UTF_8));
            wire.sendGarbage(PARTITION, new byte[] {0, -1, 77});
            wire.sendGarbage(PARTITION, null);
            wire.send(start(incarnation, "a", 1000));
            wire.awaitThat(w -> w.reports().size() == 2 && w.deadLetters().size() == 3);

            assertThat(app.failure()).isEmpty();
            assertThat(wire.deadLetters().get(1).value()).containsExactly(0, -1, 77);
            assertThat(wire.deadLetters()).allSatisfy(letter -> {
                var topic =
                        letter.headers().lastHeader(DeadLetters.TOPIC_HEADER).value();
                assertThat(new String(topic, StandardCharsets.UTF_8)).isEqualTo(Topics.PLACEMENTS.name());
            });
        }
    }

    @Test
    void sendsItsReportsWhenTheBrokerIsBack() throws Exception {
        var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
        int port = Integer.parseInt(broker.bootstrapServers().substring("127.0.0.1:".length()));
        try (var app = SimulatorApp.start(configAfterSetup(broker))) {
            long endMs;
            try (var wire = new Wire(broker.bootstrapServers())) {
                wire.send(start(incarnation(wire), "a", 200_000));
                wire.awaitThat(w -> !w.reports().isEmpty());
                endMs = wire.reports().getFirst().atMs() + 200_000;
            }
            broker.close();
            await().until(() -> CLOCK.nowMs() > endMs);
            broker = EmbeddedBroker.start(new EmbeddedBroker.Config(directory, port));
            try (var wire = new Wire(broker.bootstrapServers())) {
                wire.awaitThat(w -> w.reports().size() == 2);

                assertThat(wire.reports().getLast().atMs()).isEqualTo(endMs);
                wire.send(start(incarnation(wire), "b", 1000));
                wire.awaitThat(w -> w.reports().size() == 4);
                assertThat(app.failure()).isEmpty();
            }
        } finally {
            broker.close();
        }
    }

    @Test
    void saysGoodbyeAfterItsLastReports() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var wire = new Wire(broker.bootstrapServers())) {
            try (var app = SimulatorApp.start(config(broker))) {
                wire.send(start(incarnation(wire), "a", 0));
                wire.awaitThat(w -> w.reports().size() == 2);
                assertThat(app.isRunning()).isTrue();
            }
            wire.awaitThat(w -> events(w, ShutDown.class).size() == 3);

            assertThat(wire.nodeEvents().getLast()).isInstanceOf(ShutDown.class);
        }
    }

    @Test
    void goesOnAfterAnOrderedStop() throws Exception {
        Path file = directory.resolve("suspended.json");
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var wire = new Wire(broker.bootstrapServers())) {
            long incarnation;
            try (var _ = SimulatorApp.start(config(broker).withSuspensionFile(file))) {
                incarnation = incarnation(wire);
                wire.send(start(incarnation, "done", 1_000, 400));
                wire.send(start(incarnation, "long", 500_000, 400));
                wire.awaitThat(w -> w.reports().size() == 3);
            }
            wire.send(start(incarnation, "in-flight", 1_000, 400));
            for (int stop = 0; stop < 2; stop++) {
                assertThat(file).exists();
                try (var _ = SimulatorApp.start(config(broker).withSuspensionFile(file))) {
                    assertThat(file).as("must not be used again after a kill").doesNotExist();
                    wire.awaitThat(w -> w.reports().size() >= 5);
                }
            }
            try (var _ = SimulatorApp.start(config(broker).withSuspensionFile(file))) {
                wire.awaitThat(w -> w.reports().size() == 6);
            }

            assertThat(wire.reports())
                    .extracting(report -> report.attempt().taskId().value(), report -> report.getClass())
                    .containsExactlyInAnyOrder(
                            tuple("done", Started.class),
                            tuple("long", Started.class),
                            tuple("done", Completed.class),
                            tuple("in-flight", Started.class),
                            tuple("in-flight", Completed.class),
                            tuple("long", Completed.class));
            assertThat(wire.nodeEvents())
                    .noneMatch(ShutDown.class::isInstance)
                    .allMatch(event -> event.incarnation() == incarnation);
            assertThat(atMs(wire, "long", Completed.class) - atMs(wire, "long", Started.class))
                    .as("time that passed while it was stopped is not work done")
                    .isGreaterThan(500_000);
        }
    }

    @Test
    void aSuspendedNodeThatIsNotSimulatedAnyMoreShutsDown() throws Exception {
        Path file = directory.resolve("suspended.json");
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory));
                var wire = new Wire(broker.bootstrapServers())) {
            SimulatorApp.start(config(broker).withSuspensionFile(file)).close();
            var smaller = new SimulatorConfig(
                    KafkaConnection.of(broker.bootstrapServers()),
                    ClusterShape.of(2, 8, "A100"),
                    CLOCK,
                    "simulator-test");
            try (var _ = SimulatorApp.start(smaller.withSuspensionFile(file))) {
                wire.awaitThat(w -> !events(w, ShutDown.class).isEmpty());
            }

            assertThat(events(wire, ShutDown.class))
                    .singleElement()
                    .satisfies(gone -> assertThat(ClusterShape.of(2, 8, "A100"))
                            .noneMatch(left -> left.nodeId().equals(gone.nodeId())));
        }
    }

    @Test
    void closesInTimeWithoutTheBroker() throws Exception {
        SimulatorApp app;
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory))) {
            app = SimulatorApp.start(configAfterSetup(broker));
        }
        long startNanos = System.nanoTime();

        app.close();

        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(10));
        assertThat(app.isRunning()).isFalse();
    }

    /** The topic refuses records of this size, which retrying cannot fix. */
    @Test
    void failsVisibly() throws Exception {
        var told = new CompletableFuture<Throwable>();
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory))) {
            var config = configAfterSetup(broker);
            takeTinyRecordsOnly(Topics.NODE_EVENTS.name(), broker);
            try (var app = SimulatorApp.start(config, told::complete)) {
                var failure = told.get(30, TimeUnit.SECONDS);

                assertThat(failure).hasMessageContaining(Topics.NODE_EVENTS.name());
                assertThat(app.failure()).containsSame(failure);
            }
        }
    }

    private static void takeTinyRecordsOnly(String topic, EmbeddedBroker broker) throws Exception {
        var size = new AlterConfigOp(new ConfigEntry("max.message.bytes", "100"), AlterConfigOp.OpType.SET);
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(size)))
                    .all()
                    .get();
        }
        // The broker applies the controller's change a moment later.
        await().atMost(Duration.ofSeconds(30)).until(() -> refuses(topic, broker));
    }

    private static boolean refuses(String topic, EmbeddedBroker broker) throws InterruptedException {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, new byte[200])).get();
            return false;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(RecordTooLargeException.class);
            return true;
        }
    }

    private static long atMs(Wire wire, String task, Class<? extends TaskReport> kind) {
        return wire.reports().stream()
                .filter(report -> report.attempt().taskId().value().equals(task) && kind.isInstance(report))
                .findFirst()
                .orElseThrow()
                .atMs();
    }

    @Test
    void refusesToStartWithoutKafka() {
        var config = new SimulatorConfig(
                KafkaConnection.of("127.0.0.1:1"),
                ClusterShape.of(1, 1, "T4"),
                GpuModels.builtIn(),
                CLOCK,
                "lonely",
                FaultSettings.OFF,
                null,
                Duration.ofSeconds(1),
                Duration.ofMillis(500),
                Duration.ofMillis(500));

        assertThatThrownBy(() -> SimulatorApp.start(config))
                .isInstanceOf(SimulatorStartException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    private static SimulatorConfig config(EmbeddedBroker broker) {
        return new SimulatorConfig(
                KafkaConnection.of(broker.bootstrapServers()), ClusterShape.of(3, 8, "A100"), CLOCK, "simulator-test");
    }

    private static SimulatorConfig configAfterSetup(EmbeddedBroker broker) throws Exception {
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
            TopicSetup.ensureTopics(admin);
        }
        return config(broker);
    }

    private static long incarnation(Wire wire) {
        wire.awaitThat(w -> !events(w, Registered.class).isEmpty());
        return events(wire, Registered.class).getFirst().incarnation();
    }

    private static AttemptId attempt(String task) {
        return new AttemptId(new TaskId(task), 1);
    }

    private static StartAttempt start(long incarnation, String task, long durationMs) {
        return start(incarnation, task, durationMs, 1000);
    }

    private static StartAttempt start(long incarnation, String task, long durationMs, int gpuMilli) {
        return new StartAttempt(
                PoolId.DEFAULT,
                attempt(task),
                new Allocation(NODE, incarnation, List.of(0), gpuMilli, 1024, 0, 0),
                Work.lasting(durationMs),
                0,
                CLOCK.nowMs());
    }

    private static <E extends NodeEvent> List<E> events(Wire wire, Class<E> type) {
        return wire.nodeEvents().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
