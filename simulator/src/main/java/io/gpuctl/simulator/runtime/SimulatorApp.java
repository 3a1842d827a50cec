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
 * Runs simulated nodes against Kafka until it is closed: they register, obey the commands in {@code placements}, report,
 * beat and measure.
 *
 * <p>All nodes run in one thread, whatever their number, beside those of Kafka's clients. While Kafka is away they go on;
 * reports are kept and sent when it is back, heartbeats and measurements of the meantime are dropped. Whatever else goes
 * wrong ends the whole app, visibly: see {@link #failure}. May be used from any thread.
 *
 * <p>With a file to keep them in, nodes are suspended by a {@link #close} and go on at the next start, under the same
 * incarnation and with what they run; time that passes between is not work done. Else, and after any other end, each start is
 * a new incarnation, with nothing running.
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
    /** Of Kafka; known before the thread starts, if nodes may be suspended. */
    private String clusterId = "";
    /** What the nodes go on from; null if all are new. Known before the thread starts. */
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

    /** As below, with metrics that nobody reads, for callers that ask {@link #failure} themselves. */
    public static SimulatorApp start(SimulatorConfig config) {
        return start(config, new CompositeMeterRegistry(), _ -> {});
    }

    /** As below, with metrics that nobody reads. */
    public static SimulatorApp start(SimulatorConfig config, Consumer<Throwable> onFailure) {
        return start(config, new CompositeMeterRegistry(), onFailure);
    }

    /**
     * Starts the nodes, and returns when no command for them can be missed any more. The topics must exist.
     *
     * @param registry gets what Kafka's clients tell of themselves; the rest is in {@link #collect}
     * @param onFailure called once, on the simulation's thread, if something unexpected has ended it
     * @throws SimulatorStartException if Kafka cannot be used, or the file of suspended nodes not be removed
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
                    "%s cannot be removed: %s. Nodes could go back to it later, so remove it, or see to its directory."
                            .formatted(config.suspensionFile(), e),
                    e);
        }
        app.thread.start();
        return app;
    }

    /** Finds out where to go on. The file is gone when the first node acts on it: nobody must go back to it later. */
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
            LOG.warn("{} is of another Kafka cluster: the nodes start anew", config.suspensionFile());
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

    /** What ended the nodes; empty as long as they run, and after a {@link #close}. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** A {@link io.gpuctl.events.metrics.MetricSource}: what runs here. */
    public void collect(MetricSink sink) {
        Simulation now = isRunning() ? simulation : null;
        sink.sample(Metric.INSTANCE_ACTIVE, now == null ? 0 : 1, "simulator");
        sink.sample(Metric.SIMULATED_NODES, now == null ? 0 : now.aliveCount());
        sink.sample(Metric.SIMULATED_ATTEMPTS, now == null ? 0 : now.attemptCount());
    }

    /** Whether the nodes run. */
    public boolean isRunning() {
        return thread.isAlive() && !closing;
    }

    /**
     * Stops the nodes: Kafka gets the last reports, if it takes them within the configured time, and the nodes are suspended;
     * where there is no file to keep them in, Kafka gets too that they are gone. A second call does nothing.
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
        } catch (Throwable e) { // Also an Error: a silent death would be worse than any.
            failure = e;
            LOG.error("The simulator {} has failed, its nodes are gone", config.instanceId(), e);
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
                commands,
                new Outbox(reliable, config.clock().wallTime()),
                lossy);
        started.resume(beginning);
        started.register();
        simulation = started;
        suspended = null; // It may be large.
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
                    "The nodes cannot be kept in {}, so they will start anew: {}",
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
            life.start(incarnation, beginning.atMs()); // It registers once the simulation begins.
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
