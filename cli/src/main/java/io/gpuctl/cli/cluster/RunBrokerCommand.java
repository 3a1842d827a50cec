package io.gpuctl.cli.cluster;

import io.gpuctl.cli.Logging;
import io.gpuctl.cli.metrics.Health;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the embedded broker alone, for services in processes of their own. */
@Command(
        name = "broker",
        description = {
            "Runs the embedded Kafka broker alone, on 127.0.0.1.",
            "For trying several services on one machine; a real cluster has a Kafka cluster."
        })
final class RunBrokerCommand implements Callable<Integer> {

    private static final Duration CHECK_PERIOD = Duration.ofMillis(200);
    private static final int PORT_MAX = 65_535;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${user.home}/.gpuctl",
            description = "Directory for the records and the log gpuctl.log (default: ~/.gpuctl).")
    private Path dataDirectory = Path.of(".gpuctl");

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Port to listen on (default: ${DEFAULT-VALUE}).")
    private int port;

    @Mixin
    private MetricsOptions metrics = new MetricsOptions();

    @Mixin
    private KafkaOpenOption kafkaOpen = new KafkaOpenOption();

    @Mixin
    private LogOptions log = new LogOptions();

    @Override
    public Integer call() throws InterruptedException {
        log.apply();
        if (port < 1 || port > PORT_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--kafka-port is %d, but must be from 1 to %d".formatted(port, PORT_MAX));
        }
        long startNanos = System.nanoTime();
        DiskSpace.requireToStart(dataDirectory);
        try (var _ = DirectoryLock.take(dataDirectory, "--data");
                var services = new ServiceStack()) {
            Logging.warningsTo(dataDirectory);
            var stop = StopSignal.install();
            FileBudget.ofProcess().sayIfSmall(spec.commandLine().getErr());
            Ports.checkFree("127.0.0.1", port, "--kafka-port");
            var health = new Health(() -> "the broker is starting, and reads its log");
            services.push(SourceService.ofProcess());
            var metricsService = services.push(MetricsService.start(metrics, health));
            BrokerService broker;
            try (var progress = new StartProgress(spec.commandLine().getErr(), "the data directory")) {
                broker = services.push(BrokerService.start(dataDirectory, port, kafkaOpen.isOpen(), progress));
            }
            health.setReady(true);
            var out = log.announcements();
            out.println("Kafka  " + kafkaOpen.describe(broker.kafka(), dataDirectory));
            out.println("Data   %s".formatted(dataDirectory.toAbsolutePath()));
            out.println("Metrics %s".formatted(metricsService.describe()));
            out.println("ready in %.1f s"
                    .formatted(Duration.ofNanos(System.nanoTime() - startNanos).toMillis() / 1_000.0));
            out.flush();
            while (!stop.await(CHECK_PERIOD)) {
                services.throwIfFailed();
            }
            spec.commandLine().getErr().println("Stopping...");
            return 0;
        }
    }
}
