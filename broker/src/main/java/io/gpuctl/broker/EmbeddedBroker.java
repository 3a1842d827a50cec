package io.gpuctl.broker;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker in this JVM: one KRaft node, broker and controller, on the loopback interface, for {@code gpuctl
 * up} and for tests.
 *
 * <p>The records stay in the data directory after the broker stops, even if the process is killed. Several brokers may
 * run in one JVM, each in its own directory. {@link #start} and {@link #close} block, and may be called from any
 * thread.
 *
 * <p>Kafka ends the whole process when it cannot continue, for instance on a full disk. A caller cannot catch this.
 */
public final class EmbeddedBroker implements AutoCloseable {

    /**
     * The maximum number of attempts to use a free port, which another program may take before the broker does. More
     * than one attempt is almost never needed.
     */
    private static final int FREE_PORT_ATTEMPTS_MAX = 5;

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    /** The maximum number of starts: one more than was ever needed. */
    private static final int STARTS_MAX = 3;

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private final DataDirectory dataDirectory;
    private final KafkaRaftServer server;
    private final Map<String, String> clientSettings;
    private boolean closed;

    private EmbeddedBroker(DataDirectory dataDirectory, KafkaRaftServer server, Map<String, String> clientSettings) {
        this.dataDirectory = dataDirectory;
        this.server = server;
        this.clientSettings = Map.copyOf(clientSettings);
    }

    /**
     * The configuration of a broker.
     *
     * @param dataDirectory the directory of the records; created and formatted if new, otherwise used as it is
     * @param port port of the broker on 127.0.0.1; 0 chooses a free port
     * @param startTimeout how long to wait for the first answer; Kafka first reads a large log that was not closed
     *     cleanly, at about 0.5 GB/s
     * @param overrides Kafka broker settings that replace or add to the chosen ones
     * @param asksPassword whether a client needs the password that is generated at the first start, see
     *     {@link #clientSettings}
     */
    public record Config(
            Path dataDirectory, int port, Duration startTimeout, Map<String, String> overrides, boolean asksPassword) {

        public Config {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port must be between 0 and 65535, not " + port);
            }
            overrides = Map.copyOf(overrides);
        }

        /** A broker for all users of this machine. */
        public Config(Path dataDirectory, int port, Duration startTimeout, Map<String, String> overrides) {
            this(dataDirectory, port, startTimeout, overrides, false);
        }

        /** A broker for all users of this machine. */
        public Config(Path dataDirectory, int port) {
            this(dataDirectory, port, START_TIMEOUT, Map.of());
        }

        /** Returns the same configuration with these broker settings added. */
        public Config with(Map<String, String> settings) {
            var all = new TreeMap<>(overrides);
            all.putAll(settings);
            return new Config(dataDirectory, port, startTimeout, all, asksPassword);
        }

        /** Returns the same configuration, only for users who can read {@link #clientSettingsFile}. */
        public Config withPassword() {
            return new Config(dataDirectory, port, startTimeout, overrides, true);
        }

        private Config onAnyPort() {
            return new Config(dataDirectory, 0, startTimeout, overrides, asksPassword);
        }

        private Access access(DataDirectory directory) {
            return asksPassword
                    ? Access.Password.of(directory.readClientSettings()).orElseGet(Access.Password::random)
                    : new Access.Open();
        }

        /** Returns a configuration for tests: any free port, and no records are forced to the disk. */
        public static Config in(Path dataDirectory) {
            return new Config(dataDirectory, 0, START_TIMEOUT, BrokerSettings.NOT_FORCED);
        }
    }

    /**
     * Starts a broker and returns when it answers.
     *
     * @throws BrokerStartException with a message for the user, when the directory is in use or cannot be written, the
     *     port is taken, or the broker does not answer in time
     */
    public static EmbeddedBroker start(Config config) {
        return start(config, stage -> {});
    }

    /**
     * Starts a broker like {@link #start(Config)}, and reports the stages of the start.
     *
     * @param stages receives descriptions of the current stage of the start, for people
     */
    public static EmbeddedBroker start(Config config, Consumer<String> stages) {
        return start(config, EmbeddedBroker::repair, stages);
    }

    /** Starts a broker that passes the inspection. A broker that fails the inspection is restarted. */
    static EmbeddedBroker start(Config config, Inspection inspection) {
        return start(config, inspection, stage -> {});
    }

    private static EmbeddedBroker start(Config config, Inspection inspection, Consumer<String> stages) {
        var dataDirectory = DataDirectory.open(config.dataDirectory());
        try {
            boolean isNew = dataDirectory.formatIfNew(BrokerSettings.NODE_ID, BrokerSettings.CONTROLLER_LISTENER);
            requireUndamaged(config.dataDirectory(), stages);
            if (config.port() != 0 && !isNew) {
                checkFree(config.port());
                stages.accept("the broker completes the work of its last run");
                stop(startInspected(config.onAnyPort(), dataDirectory, inspection).server);
            }
            stages.accept("the broker opens its logs");
            var broker = startInspected(config, dataDirectory, inspection);
            dataDirectory.writeClientSettings(broker.clientSettings);
            return broker;
        } catch (RuntimeException e) {
            dataDirectory.close();
            throw e;
        }
    }

    /**
     * Starts a broker that has passed the inspection. No client may use a broker before that. Clients that know the
     * port reconnect as soon as a broker listens there, so the broker is first inspected on an unknown port.
     */
    private static EmbeddedBroker startInspected(Config config, DataDirectory dataDirectory, Inspection inspection) {
        for (int start = 1; ; start++) {
            var broker = startOnAPort(config, dataDirectory);
            if (awaitReady(broker, inspection, config.startTimeout())) {
                return broker;
            }
            stop(broker.server);
            if (start == STARTS_MAX) {
                throw new BrokerStartException(
                        "The group coordinator of the broker in %s still does not match its log after %d starts"
                                .formatted(config.dataDirectory(), start));
            }
            LOG.warn("The broker's group coordinator does not match its log: restarting the broker");
        }
    }

    /** Checks the logs before Kafka opens them: Kafka would silently cut off damaged parts, or serve them. */
    private static void requireUndamaged(Path dataDirectory, Consumer<String> stages) {
        try {
            List<LogDamage> damages = LogCheck.whatIsNew(dataDirectory, stages);
            if (!damages.isEmpty()) {
                throw new BrokerStartException(
                        ("The logs in %s are damaged: %s%s. Nothing was changed. Restore the directory from a copy, or"
                                        + " cut off the damage with gpuctl log repair --data %s, which first lists the losses")
                                .formatted(
                                        dataDirectory,
                                        damages.getFirst(),
                                        damages.size() == 1 ? "" : " (and %d more)".formatted(damages.size() - 1),
                                        dataDirectory));
            }
        } catch (IOException e) {
            throw new BrokerStartException("The logs in %s cannot be read: %s".formatted(dataDirectory, e), e);
        }
    }

    private static EmbeddedBroker startOnAPort(Config config, DataDirectory dataDirectory) {
        for (int attempt = 1; ; attempt++) {
            int brokerPort = config.port() == 0 ? freePort() : checkFree(config.port());
            try {
                return startServer(config, dataDirectory, brokerPort, freePort());
            } catch (RuntimeException e) {
                if (!isPortTaken(e) || attempt == FREE_PORT_ATTEMPTS_MAX) {
                    throw new BrokerStartException(
                            "The broker in %s could not start: %s".formatted(config.dataDirectory(), e.getMessage()),
                            e);
                }
            }
        }
    }

    private static EmbeddedBroker startServer(
            Config config, DataDirectory dataDirectory, int brokerPort, int controllerPort) {
        Access access = config.access(dataDirectory);
        var settings =
                BrokerSettings.of(dataDirectory.logDirectory(), brokerPort, controllerPort, access, config.overrides());
        var server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        try {
            server.startup();
            dataDirectory.forceStarted();
        } catch (IOException e) {
            stop(server);
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            stop(server);
            throw e;
        }
        var clientSettings = new TreeMap<>(access.clientSettings());
        clientSettings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, BrokerSettings.HOST + ":" + brokerPort);
        return new EmbeddedBroker(dataDirectory, server, clientSettings);
    }

    /** Inspects a broker that answers, before clients use it. */
    @FunctionalInterface
    interface Inspection {
        /** Returns whether the broker is in order. */
        boolean passes(Admin admin, Map<String, String> clientSettings)
                throws ExecutionException, IOException, InterruptedException;
    }

    private static boolean repair(Admin admin, Map<String, String> clientSettings)
            throws ExecutionException, IOException, InterruptedException {
        SkippedMarkers.write(admin, clientSettings);
        if (!PendingOffsets.areKnown(admin, clientSettings)) {
            return false;
        }
        OffsetsPastEnd.moveBack(admin);
        return true;
    }

    private static boolean awaitReady(EmbeddedBroker broker, Inspection inspection, Duration timeout) {
        var adminConfig = new HashMap<String, Object>(broker.clientSettings);
        adminConfig.put(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        adminConfig.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis()));
        adminConfig.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(Math.min(5_000, timeout.toMillis())));
        try (var admin = Admin.create(adminConfig)) {
            admin.describeCluster().nodes().get(timeout.toMillis(), MILLISECONDS);
            return inspection.passes(admin, broker.clientSettings);
        } catch (IOException e) {
            stop(broker.server);
            throw new BrokerStartException(
                    "The broker at %s cannot complete the work of its last run: %s"
                            .formatted(broker.bootstrapServers(), e.getMessage()),
                    e);
        } catch (ExecutionException | TimeoutException e) {
            stop(broker.server);
            throw new BrokerStartException(
                    "The broker at %s did not answer within %d s"
                            .formatted(broker.bootstrapServers(), timeout.toSeconds()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop(broker.server);
            throw new BrokerStartException("Interrupted while the broker started", e);
        }
    }

    private static boolean isPortTaken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral(BrokerSettings.HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BrokerStartException("No free port on " + BrokerSettings.HOST + ": " + e.getMessage(), e);
        }
    }

    private static int checkFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true); // Like Kafka, counts a port as free if only closed connections linger on it.
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(BrokerSettings.HOST), port));
            return port;
        } catch (IOException e) {
            throw new BrokerStartException(
                    "The broker's port %d on %s is taken or not allowed: %s. Stop the program that listens there, or choose another port."
                            .formatted(port, BrokerSettings.HOST, e.getMessage()),
                    e);
        }
    }

    private static void stop(KafkaRaftServer server) {
        server.shutdown();
        server.awaitShutdown();
    }

    /** Returns the {@code bootstrap.servers} of a Kafka client. */
    public String bootstrapServers() {
        return clientSettings.getOrDefault(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "");
    }

    /**
     * Returns all settings that a Kafka client needs to reach the broker: {@code bootstrap.servers}, and the password
     * if the broker requires one.
     */
    public Map<String, String> clientSettings() {
        return clientSettings;
    }

    /**
     * Returns the file with these settings while a broker runs in the directory, in the form of Kafka's own
     * command-line tools; its mode is 0600.
     */
    public static Path clientSettingsFile(Path dataDirectory) {
        return DataDirectory.clientSettingsFile(dataDirectory);
    }

    /**
     * Returns {@link #clientSettingsFile} if another process, or another part of this process, runs a broker in the
     * directory; empty otherwise.
     */
    public static Optional<Path> clientSettingsFileOfRunning(Path dataDirectory) {
        return DataDirectory.clientSettingsFileOfRunning(dataDirectory);
    }

    /** Flushes the logs and stops. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        stop(server);
        dataDirectory.close();
    }
}
