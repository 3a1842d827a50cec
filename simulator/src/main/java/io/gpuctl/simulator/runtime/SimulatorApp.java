package io.gpuctl.simulator.runtime;

import io.gpuctl.events.FaultKind;
import io.gpuctl.simulator.cluster.FaultsFile;
import io.gpuctl.simulator.faults.RepairTimes;
import io.gpuctl.simulator.model.EnergyMeter;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.simulator.model.ProgressReports;
import io.gpuctl.simulator.model.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
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
 * <p>Each start is a new incarnation of the nodes, with nothing running on them.
 */
public final class SimulatorApp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatorApp.class);

    private final SimulatorConfig config;
    private final CommandReader commands;
    private final Producer<byte @Nullable [], @Nullable Object> reliable;
    private final LossySender lossy;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable Throwable failure;

    private SimulatorApp(SimulatorConfig config, Consumer<Throwable> onFailure) {
        this.config = config;
        this.onFailure = onFailure;
        commands = new CommandReader(Clients.commandConsumer(config), config.clock());
        reliable = Clients.reliableProducer(config);
        lossy = new LossySender(Clients.lossyProducer(config), config.clock().wallTime());
        thread = Thread.ofPlatform().name(config.instanceId()).unstarted(this::run);
    }

    /** As {@link #start(SimulatorConfig, Consumer)}, for callers that ask {@link #failure} themselves. */
    public static SimulatorApp start(SimulatorConfig config) {
        return start(config, _ -> {});
    }

    /**
     * Starts the nodes, and returns when no command for them can be missed any more. The topics must exist.
     *
     * @param onFailure called once, on the simulation's thread, if something unexpected has ended it
     * @throws SimulatorStartException if Kafka cannot be used
     */
    public static SimulatorApp start(SimulatorConfig config, Consumer<Throwable> onFailure) {
        SimulatorApp app;
        try {
            app = new SimulatorApp(config, onFailure);
        } catch (KafkaException e) {
            throw cannotStart(config, e);
        }
        try {
            app.commands.seekToEnd(config.nodes(), config.startTimeout());
        } catch (KafkaException e) {
            app.closeClients(Duration.ZERO);
            throw cannotStart(config, e);
        }
        app.thread.start();
        return app;
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

    /** Whether the nodes run. */
    public boolean isRunning() {
        return thread.isAlive() && !closing;
    }

    /**
     * Stops the nodes: Kafka gets the last reports, and that the nodes are gone, if it takes them within the configured
     * time. A second call does nothing.
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
        var simulation = new Simulation(
                config.clock(),
                faults,
                repairs,
                site,
                nodes(site, repairs),
                commands,
                new Outbox(reliable, config.clock().wallTime()),
                lossy);
        simulation.register();
        while (!closing) {
            try {
                simulation.step();
            } catch (WakeupException e) {
                if (!closing) {
                    throw e;
                }
            }
        }
        simulation.shutDown(config.closeTimeout());
        closeClients(Duration.ZERO);
    }

    private List<HostedNode> nodes(Site site, RepairTimes repairs) {
        long incarnation = config.clock().wallTime().nowMs();
        long startMs = config.clock().nowMs();
        List<HostedNode> nodes = new ArrayList<>();
        for (var inventory : config.nodes()) {
            var physics = config.models().physics(inventory);
            var habits = new NodeModel.Habits(
                    ProgressReports.WHEN_SLOW, () -> repairs.drawMs(inventory.nodeId(), FaultKind.THERMAL_SHUTDOWN, 0));
            HostedNode.Start start = (number, atMs) -> {
                var model = new NodeModel(inventory, number, physics, atMs, EnergyMeter.NONE, habits);
                site.add(model, atMs);
                return model;
            };
            nodes.add(new HostedNode(nodes.size(), start, incarnation, startMs));
        }
        return nodes;
    }

    private void closeClients(Duration timeout) {
        lossy.close(timeout);
        reliable.close(timeout);
        commands.close();
    }
}
