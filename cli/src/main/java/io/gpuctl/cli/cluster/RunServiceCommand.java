package io.gpuctl.cli.cluster;

import io.gpuctl.cli.Logging;
import io.gpuctl.cli.client.QuantityConverter;
import io.gpuctl.cli.kafka.KafkaConfigOption;
import io.gpuctl.cli.metrics.Health;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The base of the commands that run one service of a cluster on a Kafka cluster, until the service is stopped or fails.
 */
abstract class RunServiceCommand implements Callable<Integer> {

    private static final Duration CHECK_PERIOD = Duration.ofMillis(200);

    /** One other instance keeps a copy of the state, so that it can take over at once. */
    static final int STANDBY_REPLICAS = 1;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Mixin
    private SpeedOption speed = new SpeedOption();

    @Mixin
    private KafkaConfigOption kafkaConfig = new KafkaConfigOption();

    @Mixin
    private TopicOptions topics = new TopicOptions();

    @Mixin
    private LogOptions log = new LogOptions();

    private @Nullable String address;
    private @Nullable KafkaConnection kafka;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description =
                    "The Kafka cluster; several addresses as HOST:PORT,HOST:PORT. Can also be set in --kafka-config.")
    void setKafka(String given) {
        if (!Kafka.isAddress(given)) {
            throw new ParameterException(spec.commandLine(), "--kafka is '%s', but must be HOST:PORT".formatted(given));
        }
        address = given;
    }

    @Option(
            names = "--kafka-wait",
            paramLabel = "DURATION",
            defaultValue = "2m",
            converter = QuantityConverter.OfDuration.class,
            description = "How long to wait at the start for a Kafka cluster that does not answer yet (default:"
                    + " ${DEFAULT-VALUE}). A wrong password or a missing right fails at once.")
    private Duration kafkaWait = Duration.ofMinutes(2);

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description = "Name of this instance, different from all others; an instance that restarts with the same"
                    + " name gets its work back at once (default: machine and process id).")
    private @Nullable String instance;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${user.home}/.gpuctl",
            description =
                    "Directory in which the instance keeps its state and its log gpuctl.log, in a subdirectory of its own (default: ~/.gpuctl).")
    private Path dataDirectory = Path.of(".gpuctl");

    private Path state = dataDirectory;

    @Override
    public final Integer call() throws InterruptedException {
        long startNanos = System.nanoTime();
        log.apply();
        if (address == null && !kafkaConfig.isGiven()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Missing required option: '--kafka=HOST:PORT' or '--kafka-config=FILE' (or GPUCTL_KAFKA, GPUCTL_KAFKA_CONFIG,"
                            + " or a line in the file of --config)");
        }
        InstanceName.requireValid(instance(), spec.commandLine());
        checkSettings();
        var replication = topics.choice();
        KafkaConnection connection = kafkaConfig.connection(address);
        kafka = connection;
        DiskSpace.requireToStart(instanceDirectory());
        try (var _ = DirectoryLock.take(instanceDirectory(), "--instance or --data");
                var services = new ServiceStack(connection);
                var progress = new StartProgress(spec.commandLine().getErr(), "Kafka at " + connection)) {
            Logging.warningsTo(instanceDirectory());
            var stop = StopSignal.install();
            var health = new Health(this::waitingFor);
            services.push(SourceService.ofProcess());
            services.push(SourceService.ofClock(speed.value()));
            var metrics = metrics().map(options -> services.push(MetricsService.start(options, health)));
            if (!Kafka.prepare(connection, replication, kafkaWait, stop, progress::waitFor)) {
                return 0;
            }
            progress.waitFor(waitingFor());
            state = services.push(StateDirectory.open(instanceDirectory().resolve("state")))
                    .path();
            var time = services.push(ClockService.start(connection, instance())).time();
            Service service =
                    services.push(start(ClusterClock.atSpeed(speed.value()).following(time)));
            boolean announced = false;
            while (!stop.await(CHECK_PERIOD)) {
                services.throwIfFailed();
                // An API reports its readiness itself.
                boolean isReady = (!announced || metrics.isPresent()) && isReady();
                health.setReady(isReady);
                if (announced) {
                    continue;
                }
                if (isReady) {
                    announced = true;
                    progress.end();
                    announce(service, metrics, Duration.ofNanos(System.nanoTime() - startNanos));
                    warning().ifPresent(spec.commandLine().getErr()::println);
                } else {
                    progress.waitFor(waitingFor());
                }
            }
            spec.commandLine().getErr().println("Stopping...");
            return 0;
        }
    }

    private void announce(Service service, Optional<MetricsService> metrics, Duration took) {
        var out = log.announcements();
        out.println("%s %s on Kafka %s: %s".formatted(service.name(), instance(), kafka, describe()));
        metrics.ifPresent(server -> out.println("metrics %s".formatted(server.describe())));
        out.println("ready in %.1f s".formatted(took.toMillis() / 1_000.0));
        out.flush();
    }

    /** Throws if the settings are not valid for the service; called before anything is started. */
    abstract void checkSettings();

    /** Starts the service. */
    abstract Service start(ClusterClock clock);

    /** Returns whether the service can do its work. */
    abstract boolean isReady() throws InterruptedException;

    /** Returns why the service is not ready yet, for people. */
    abstract String waitingFor();

    /** Returns where the service exposes its metrics; empty if it has an API. */
    abstract Optional<MetricsOptions> metrics();

    /** Returns a warning that the operator must see although the service is ready. */
    Optional<String> warning() {
        return Optional.empty();
    }

    /** Returns details about the service, for people. */
    abstract String describe();

    final String instance() {
        return instance == null ? InstanceName.ofProcess() : instance;
    }

    /** Returns whether the next start of this instance has the same name. */
    final boolean comesBack() {
        return instance != null;
    }

    /** Returns the file that keeps the nodes between an orderly stop and the next start. */
    final Path suspendedNodes() {
        return instanceDirectory().resolve(LocalCluster.SUSPENDED_NODES);
    }

    /** Returns the directory for the stores of Kafka Streams. */
    final Path state() {
        return state;
    }

    /**
     * Returns the directory of this instance. Its name includes the kind of service, since an orchestrator and an API
     * may have the same name.
     */
    private Path instanceDirectory() {
        return dataDirectory.resolve("instances").resolve(spec.name() + "-" + instance());
    }

    /** Returns the connection to Kafka. Must not be called before {@link #call}. */
    final KafkaConnection kafka() {
        return Objects.requireNonNull(kafka);
    }

    final CommandSpec spec() {
        return spec;
    }
}
