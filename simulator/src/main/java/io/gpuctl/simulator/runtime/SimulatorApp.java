package io.gpuctl.simulator.runtime;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import io.gpuctl.simulator.cluster.FaultsFile;
import io.gpuctl.simulator.faults.RepairTimes;
import io.gpuctl.simulator.host.NodeLife;
import io.gpuctl.simulator.model.EnergyMeter;
import io.gpuctl.simulator.model.GpuPhysics;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.simulator.model.ProgressReports;
import io.gpuctl.simulator.model.Site;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs simulated nodes against Kafka until it is closed. The nodes register, obey the commands in {@code placements},
 * and send reports, heartbeats and measurements.
 *
 * <p>All nodes run in one thread, whatever their number, beside the threads of the Kafka clients. While Kafka is
 * unavailable, the nodes keep running: reports are kept and sent later, heartbeats and measurements are dropped. Any
 * other error ends the app: see {@link #failure}. May be used from any thread.
 *
 * <p>With a suspension file, {@link #close} suspends the nodes. They resume at the next start with the same incarnation
 * and attempts; no work is done in between. Without a file, and after any other end, each start is a new incarnation
 * with nothing running.
 */
public final class SimulatorApp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatorApp.class);

    private final SimulatorConfig config;
    private final CommandReader commands;
    private final Producer<byte @Nullable [], @Nullable Object> reliable;
    private final LossySender lossy;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private final @Nullable SuspensionFile suspensionFile;
    /** The id of the Kafka cluster. Set before the thread starts if there is a suspension file. */
    private String clusterId = "";
    /** The state to resume from; null if all nodes are new. Set before the thread starts. */
    private @Nullable Suspension suspended;

    private final List<KafkaClientMetrics> clientMetrics = new ArrayList<>();
    private volatile @Nullable Simulation simulation;
    private volatile boolean closing;
    private volatile @Nullable Throwable failure;

    private SimulatorApp(SimulatorConfig config, MeterRegistry registry, Consumer<Throwable> onFailure) {
        this.config = config;
        this.onFailure = onFailure;
        suspensionFile = config.suspensionFile() == null ? null : new SuspensionFile(config.suspensionFile());
        var consumer = Clients.commandConsumer(config);
        commands = new CommandReader(consumer, config.clock());
        reliable = Clients.reliableProducer(config);
        var telemetry = Clients.lossyProducer(config);
        lossy = new LossySender(telemetry, config.clock().wallTime());
        clientMetrics.add(new KafkaClientMetrics(consumer));
        clientMetrics.add(new KafkaClientMetrics(reliable));
        clientMetrics.add(new KafkaClientMetrics(telemetry));
        clientMetrics.forEach(metrics -> metrics.bindTo(registry));
        thread = Thread.ofPlatform().name(config.instanceId()).unstarted(this::run);
    }

    /** Starts the nodes without metrics, for callers that poll {@link #failure}. */
    public static SimulatorApp start(SimulatorConfig config) {
        return start(config, new CompositeMeterRegistry(), _ -> {});
    }

    /** Starts the nodes without metrics. */
    public static SimulatorApp start(SimulatorConfig config, Consumer<Throwable> onFailure) {
        return start(config, new CompositeMeterRegistry(), onFailure);
    }

    /**
     * Starts the nodes, and returns once no command for them can be missed. The topics must exist.
     *
     * @param registry gets the metrics of the Kafka clients; {@link #collect} has the others
     * @param onFailure called once, on the simulation's thread, if an unexpected error has ended it
     * @throws SimulatorStartException if Kafka cannot be used, or the suspension file cannot be removed
     */
    public static SimulatorApp start(SimulatorConfig config, MeterRegistry registry, Consumer<Throwable> onFailure) {
        SimulatorApp app;
        try {
            app = new SimulatorApp(config, registry, onFailure);
        } catch (KafkaException e) {
            throw cannotStart(config, e);
        }
        try {
            app.prepare();
        } catch (KafkaException e) {
            app.closeClients(Duration.ZERO);
            throw cannotStart(config, e);
        } catch (IOException e) {
            app.closeClients(Duration.ZERO);
            throw new SimulatorStartException(
                    "%s cannot be removed: %s. Remove it, or a later start may resume from its old state."
                            .formatted(config.suspensionFile(), e),
                    e);
        }
        app.thread.start();
        return app;
    }

    /** Reads the suspension file, and removes it before a node acts, so that no later start resumes from it. */
    private void prepare() throws IOException {
        if (suspensionFile != null) {
            clusterId = Clients.clusterId(config);
            suspended = suspensionFile.read().filter(this::isOfThisCluster).orElse(null);
        }
        Map<TopicPartition, Long> stopped = suspended == null ? Map.of() : suspended.offsetsByPartition();
        commands.seek(config.nodes(), stopped, config.startTimeout());
        if (suspensionFile != null) {
            suspensionFile.remove();
        }
    }

    private boolean isOfThisCluster(Suspension found) {
        if (!found.clusterId().equals(clusterId)) {
            LOG.warn("{} belongs to another Kafka cluster: the nodes start anew", config.suspensionFile());
            return false;
        }
        return true;
    }

    private static SimulatorStartException cannotStart(SimulatorConfig config, KafkaException cause) {
        Throwable root = cause.getCause() == null ? cause : cause.getCause();
        return new SimulatorStartException(
                "The simulator cannot use Kafka at %s: %s. Check the address, and that the cluster's topics exist."
                        .formatted(config.kafka(), root.getMessage()),
                cause);
    }

    /** Returns the error that ended the nodes; empty while they run, and after a {@link #close}. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** A {@link io.gpuctl.events.metrics.MetricSource} with the number of nodes and attempts that run here. */
    public void collect(MetricSink sink) {
        Simulation now = isRunning() ? simulation : null;
        sink.sample(Metric.INSTANCE_ACTIVE, now == null ? 0 : 1, "simulator");
        sink.sample(Metric.SIMULATED_NODES, now == null ? 0 : now.aliveCount());
        sink.sample(Metric.SIMULATED_ATTEMPTS, now == null ? 0 : now.attemptCount());
    }

    /** Returns whether the nodes run. */
    public boolean isRunning() {
        return thread.isAlive() && !closing;
    }

    /**
     * Sends the last reports, if Kafka accepts them within the configured time, and suspends the nodes. Without a
     * suspension file, the nodes shut down instead and send their farewells. A second call does nothing.
     */
    @Override
    public void close() {
        closing = true;
        if (thread.isAlive()) {
            commands.wakeUp();
        }
        if (Thread.currentThread().equals(thread)) {
            return; // Called by onFailure: the thread is about to end.
        }
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            simulate();
        } catch (Throwable e) { // Also an Error: the thread must not end silently.
            failure = e;
            LOG.error("Simulator {} failed: its nodes are gone", config.instanceId(), e);
            closeClients(Duration.ZERO);
            onFailure.accept(e);
        }
    }

    private void simulate() {
        var faults = config.faults();
        var repairs = new RepairTimes(faults.laws(), FaultsFile.realistic(), faults.seed());
        var site = new Site();
        var beginning = new Suspension.Beginning(config.clock().nowMs(), suspended);
        var started = new Simulation(
                config.clock(),
                faults,
                repairs,
                beginning,
                site,
                nodes(beginning, site, repairs),
                (int) Math.ceilDiv(config.telemetryInterval().toNanos(), Pulse.PERIOD.toNanos()),
                commands,
                new Outbox(reliable, config.clock().wallTime()),
                lossy);
        started.resume(beginning);
        started.register();
        simulation = started;
        suspended = null; // Free it: it may be large.
        while (!closing) {
            try {
                started.step();
            } catch (WakeupException e) {
                if (!closing) {
                    throw e;
                }
            }
        }
        stop(started);
        closeClients(Duration.ZERO);
    }

    private void stop(Simulation simulation) {
        if (suspensionFile == null) {
            simulation.shutDown(config.closeTimeout());
            return;
        }
        try {
            suspensionFile.write(simulation.suspend(clusterId, config.closeTimeout()));
        } catch (IOException e) {
            LOG.warn(
                    "The state of the nodes cannot be saved in {}, so they will start anew: {}",
                    config.suspensionFile(),
                    e.toString());
        }
    }

    private List<HostedNode> nodes(Suspension.Beginning beginning, Site site, RepairTimes repairs) {
        long startedMs = config.clock().wallTime().nowMs();
        return config.nodes().stream()
                .map(inventory -> new HostedNode(life(inventory, startedMs, beginning, site, repairs)))
                .toList();
    }

    private NodeLife life(
            NodeInventory inventory, long startedMs, Suspension.Beginning beginning, Site site, RepairTimes repairs) {
        var physics = config.models().physics(inventory);
        var habits = new NodeModel.Habits(
                ProgressReports.WHEN_SLOW, () -> repairs.drawMs(inventory, FaultKind.THERMAL_SHUTDOWN, 0));
        var life = new NodeLife(
                inventory,
                beginning.lastIncarnation(inventory.nodeId()),
                site,
                new SimulatedMachine(inventory, physics, habits));
        var host = beginning.hostOf(inventory);
        if (host == null) {
            long incarnation = Math.max(life.incarnation() + 1, startedMs);
            life.start(incarnation, beginning.atMs()); // The node registers once the simulation begins.
        } else if (host.model() == null) {
            life.noteCrash();
        } else {
            var model = NodeModel.resume(inventory, host.model(), physics, beginning.atMs(), EnergyMeter.NONE, habits);
            life.resume(model, host.cutOff(), host.mail(), beginning.atMs());
        }
        return life;
    }

    private record SimulatedMachine(NodeInventory inventory, GpuPhysics physics, NodeModel.Habits habits)
            implements NodeLife.Machine {
        @Override
        public NodeModel boot(long incarnation, long nowMs) {
            return new NodeModel(inventory, incarnation, physics, nowMs, EnergyMeter.NONE, habits);
        }

        @Override
        public NodeInventory describe(NodeModel model) {
            return model.describe();
        }
    }

    private void closeClients(Duration timeout) {
        clientMetrics.forEach(KafkaClientMetrics::close);
        lossy.close(timeout);
        reliable.close(timeout);
        commands.close();
    }
}
