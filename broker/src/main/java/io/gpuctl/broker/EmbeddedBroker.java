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
 * A real Kafka broker in this JVM: one KRaft node, broker and controller, on the loopback interface, for
 * {@code gpuctl up} and for tests.
 *
 * <p>Its records outlive it in the data directory, also when the process is killed. Several may run in one JVM, each in a
 * directory of its own. {@link #start} and {@link #close} block, and may be called from any thread.
 *
 * <p>Kafka ends the whole process when it cannot go on, for instance on a full disk: it cannot be caught.
 */
public final class EmbeddedBroker implements AutoCloseable {

    /** With a free port somebody may take it before the broker does. More than one try is all but never needed. */
    private static final int FREE_PORT_ATTEMPTS_MAX = 5;

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    /** One more than ever was needed. */
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
     * How to start a broker.
     *
     * @param dataDirectory where the records are kept; created and formatted where it is new, used as it is otherwise
     * @param port of the broker on 127.0.0.1; 0 chooses a free one
     * @param startTimeout how long to wait for the first answer; a large log that was not closed cleanly is read through
     *     first, at about 0.5 GB/s
     * @param overrides Kafka broker settings that replace or add to the chosen ones
     * @param asksPassword whether a client needs the password that is made at the first start, see {@link #clientSettings}
     */
    public record Config(
            Path dataDirectory, int port, Duration startTimeout, Map<String, String> overrides, boolean asksPassword) {

        public Config {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port must be between 0 and 65535, not " + port);
            }
            overrides = Map.copyOf(overrides);
        }

        /** Open to all on this machine. */
        public Config(Path dataDirectory, int port, Duration startTimeout, Map<String, String> overrides) {
            this(dataDirectory, port, startTimeout, overrides, false);
        }

        /** Open to all on this machine. */
        public Config(Path dataDirectory, int port) {
            this(dataDirectory, port, START_TIMEOUT, Map.of());
        }

        /** The same with these broker settings too. */
        public Config with(Map<String, String> settings) {
            var all = new TreeMap<>(overrides);
            all.putAll(settings);
            return new Config(dataDirectory, port, startTimeout, all, asksPassword);
        }

        /** The same, for those only who can read {@link #clientSettingsFile}. */
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

        /** Any free port, and nothing is forced to the disk, as tests want it. */
        public static Config in(Path dataDirectory) {
            return new Config(dataDirectory, 0, START_TIMEOUT, BrokerSettings.NOT_FORCED);
        }
    }

    /**
     * Starts a broker, and returns when it answers.
     *
     * @throws BrokerStartException with a message for the user, when the directory is in use or cannot be written, the
     *     port is taken, or the broker does not answer in time
     */
    public static EmbeddedBroker start(Config config) {
        return start(config, stage -> {});
    }

    /**
     * As above.
     *
     * @param stages is told what the start is doing, for people, as it goes on
     */
    public static EmbeddedBroker start(Config config, Consumer<String> stages) {
        return start(config, EmbeddedBroker::repair, stages);
    }

    /** As above; a broker that is not as it should be is started anew. */
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
                stages.accept("the broker completes what the last one left");
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
     * Nobody may work with a broker before it has passed. Clients that know its port come back as soon as somebody listens there,
     * so it is inspected on one that nobody knows first.
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
                        "The group coordinator of the broker in %s does not agree with its log, after %d starts too"
                                .formatted(config.dataDirectory(), start));
            }
            LOG.warn("The broker's group coordinator does not agree with its log: the broker is started anew");
        }
    }

    /** Before Kafka opens them: it would cut off what it finds, in silence, or serve it. */
    private static void requireUndamaged(Path dataDirectory, Consumer<String> stages) {
        try {
            List<LogDamage> damages = LogCheck.whatIsNew(dataDirectory, stages);
            if (!damages.isEmpty()) {
                throw new BrokerStartException(
                        ("The logs in %s are damaged: %s%s. Nothing was changed. Restore the directory from a copy, or"
                                        + " let gpuctl log repair --data %s cut them to what is whole: it says first what is lost")
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

    /** Looks at a broker that answers, before anybody works with it. */
    @FunctionalInterface
    interface Inspection {
        /** Whether it is as it should be. */
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
                    "The broker at %s cannot complete what a killed one left: %s"
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
            socket.setReuseAddress(true); // As Kafka does: a port whose last connections linger is free.
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

    /** What a Kafka client takes as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return clientSettings.getOrDefault(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "");
    }

    /** All that a Kafka client needs to reach it: {@code bootstrap.servers}, and the password where it asks for one. */
    public Map<String, String> clientSettings() {
        return clientSettings;
    }

    /** Where these settings stand while a broker runs in the directory, as Kafka's own command-line tools take them; 0600. */
    public static Path clientSettingsFile(Path dataDirectory) {
        return DataDirectory.clientSettingsFile(dataDirectory);
    }

    /** The same, of a broker that another process, or another part of this one, runs in the directory; empty if none does. */
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
