package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.cluster.InternalOptions.InternalPort;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.WallTime;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.orchestrator.runtime.OrchestratorConfig;
import io.gpuctl.simulator.runtime.FaultSettings;
import io.gpuctl.simulator.runtime.SimulatorConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All services of a cluster in this process. */
final class LocalCluster {

    /** The file that keeps the nodes between an orderly stop and the next start. */
    static final String SUSPENDED_NODES = "suspended-nodes.json";

    private static final Duration CHECK_PERIOD = Duration.ofMillis(100);

    /** Long enough to read a large log that was not closed cleanly, on a slow disk. */
    private static final Duration PROGRESS_TIMEOUT = Duration.ofMinutes(3);

    private final Config config;
    private final ServiceStack services;
    private final StopSignal stop;
    private final StartProgress progress;
    private final FileBudget files;
    private @Nullable KafkaConnection kafka;
    private ClusterClock clock = ClusterClock.wall();
    private @Nullable OrchestratorService orchestrator;

    /**
     * The configuration of the cluster.
     *
     * @param faults the random faults of the nodes
     * @param settings the pools' settings, which depend on the clock
     * @param kafka an outside cluster; null for an embedded broker
     * @param kafkaPort the port of the embedded broker, 0 for any
     * @param kafkaOpen whether the embedded broker accepts clients without a password
     */
    record Config(
            SimulatedNodes nodes,
            FaultSettings faults,
            Function<ClusterClock, PoolSettings> settings,
            double speed,
            Path dataDirectory,
            @Nullable KafkaConnection kafka,
            int kafkaPort,
            boolean kafkaOpen,
            ListenOptions listen,
            String instance) {}

    /** Pushes each started service onto {@code services}. */
    LocalCluster(Config config, FileBudget files, ServiceStack services, StopSignal stop, StartProgress progress) {
        this.config = config;
        this.files = files;
        this.services = services;
        this.stop = stop;
        this.progress = progress;
    }

    /** Starts all services in the order of their dependencies. */
    void start() throws InterruptedException {
        config.listen().checkFree();
        var connection = config.kafka() == null ? startBroker() : config.kafka();
        kafka = connection;
        progress.waitFor("Kafka at %s".formatted(connection));
        Kafka.prepare(connection);
        // The embedded broker's clock is this machine's.
        WallTime time = config.kafka() == null
                ? WallTime.SYSTEM
                : services.push(ClockService.start(connection, config.instance()))
                        .time();
        clock = ResumedClock.of(connection, config.speed(), time);
        services.push(SourceService.ofProcess());
        services.push(SourceService.ofClock(clock.speed()));
        var state = services.push(StateDirectory.open(config.dataDirectory().resolve("state")));
        // Boots in the background, and takes longest.
        services.push(ApiService.start(apiConfig(connection, state.of("views"))));
        if (!config.nodes().isEmpty()) {
            services.push(SimulatorService.start(new SimulatorConfig(
                            connection,
                            config.nodes().inventories(),
                            config.nodes().models(),
                            clock,
                            config.instance() + "-simulator",
                            config.faults())
                    .withTelemetryInterval(config.nodes().telemetryInterval())
                    .withSuspensionFile(config.dataDirectory().resolve(SUSPENDED_NODES))));
        }
        // Started after the nodes, and so closed before them: the orchestrator decides nothing while the nodes stop.
        orchestrator = services.push(OrchestratorService.start(new OrchestratorConfig(
                connection,
                config.instance(),
                state.of("orchestrator"),
                clock,
                config.settings().apply(clock),
                0)));
    }

    private KafkaConnection startBroker() {
        if (config.kafkaPort() != 0) {
            Ports.checkFree("127.0.0.1", config.kafkaPort(), "--kafka-port");
        }
        var broker = BrokerService.start(config.dataDirectory(), config.kafkaPort(), config.kafkaOpen(), progress);
        return services.push(broker).kafka();
    }

    private ApiConfig apiConfig(KafkaConnection connection, Path stateDirectory) {
        return new ApiConfig(
                connection,
                config.instance(),
                config.listen().host(),
                config.listen().port(),
                config.listen().advertisedHost(),
                config.listen().allowedHosts(),
                InternalPort.ofThisMachine(),
                files.httpConnections(),
                Duration.ZERO,
                stateDirectory,
                0,
                clock);
    }

    /**
     * Waits until the orchestrator decides, the API can answer and every node is up. A long log takes long to fold, so
     * the wait is limited only while nothing changes. Returns false if the user stopped the process first.
     */
    boolean awaitReady() throws InterruptedException {
        long changedAtNanos = System.nanoTime();
        String missingBefore = "";
        try (var readiness = new Readiness(apiAddress())) {
            while (!isDeciding()
                    || !readiness.isReady(config.nodes().inventories().size())) {
                services.throwIfFailed();
                String missing =
                        isDeciding() ? readiness.lastAnswer() : "the orchestrator has not been assigned its pools yet";
                progress.waitFor(missing);
                if (!missing.equals(missingBefore)) {
                    changedAtNanos = System.nanoTime();
                    missingBefore = missing;
                }
                if (System.nanoTime() - changedAtNanos > PROGRESS_TIMEOUT.toNanos()) {
                    throw new CommandFailedException("The cluster is not ready, and nothing has changed for %d s: %s"
                            .formatted(PROGRESS_TIMEOUT.toSeconds(), missing));
                }
                if (stop.await(CHECK_PERIOD)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Asks the orchestrator itself, since the views may know all nodes from an earlier run. */
    private boolean isDeciding() {
        return orchestrator != null && orchestrator.isRunning();
    }

    /** Returns the address under which this machine reaches the API. */
    URI apiAddress() {
        return config.listen().address();
    }

    /** Returns the connection to Kafka. Must be called after {@link #start} has returned. */
    KafkaConnection kafka() {
        return Objects.requireNonNull(kafka);
    }

    ClusterClock clock() {
        return clock;
    }
}
