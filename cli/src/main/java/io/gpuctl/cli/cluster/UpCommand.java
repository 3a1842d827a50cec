package io.gpuctl.cli.cluster;

import io.gpuctl.cli.Logging;
import io.gpuctl.cli.kafka.KafkaConfigOption;
import io.gpuctl.cli.output.OutputFormat;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.workload.WorkloadInput;
import io.gpuctl.cli.workload.WorkloadRun;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.experiments.trace.TraceFormat;
import io.gpuctl.experiments.trace.Workload;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a whole cluster in this process. */
@Command(
        name = "up",
        description = {
            "Runs a whole cluster in this process: broker, simulated nodes, orchestrator, views and API.",
            "Everything is kept in the data directory: the next up continues from there. Ctrl-C stops the cluster in"
                    + " an orderly way, a second Ctrl-C at once."
        })
public final class UpCommand implements Callable<Integer> {

    private static final Duration CHECK_PERIOD = Duration.ofMillis(200);
    private static final int KAFKA_PORT_MAX = 65_535;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Mixin
    private NodeOptions nodes = new NodeOptions();

    @Mixin
    private FaultsOption faults = new FaultsOption();

    @Mixin
    private PolicyOptions policy = new PolicyOptions();

    @Mixin
    private SpeedOption speed = new SpeedOption();

    @Option(
            names = "--workload",
            paramLabel = "FILE",
            description = {
                "Submit the tasks of this workload at their times, the first as soon as the cluster is ready: an openb pod"
                        + " list, a Philly, Helios, Tiresias or Muri trace, an SWF log, Batsim's JSON, or gpuctl's own"
                        + " format; gzip-compressed or not.",
                "gpuctl trace info FILE shows its contents, and what a run does not use."
            })
    private @Nullable Path workloadFile;

    @Option(
            names = "--workload-format",
            paramLabel = "FORMAT",
            description =
                    "The workload's format: ${COMPLETION-CANDIDATES} (default: detected from the beginning of the file).")
    private @Nullable TraceFormat workloadFormat;

    @Option(
            names = "--keep-offset",
            description = "Count the workload's times from the file's own time 0, not from its first task.")
    private boolean keepOffset;

    @Mixin
    private WorkloadInput workloadInput = new WorkloadInput();

    @Option(
            names = "--once",
            description = "End when all tasks of the workload have ended, and print a summary. Needs --workload.")
    private boolean once;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${user.home}/.gpuctl",
            description = "Directory for all data, and the log gpuctl.log (default: ~/.gpuctl).")
    private Path dataDirectory = Path.of(".gpuctl");

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description =
                    "Use this Kafka cluster instead of an embedded broker; several addresses as HOST:PORT,HOST:PORT.")
    private @Nullable String kafka;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port of the embedded broker on 127.0.0.1 (default: a free one).")
    private int kafkaPort;

    @Mixin
    private KafkaOpenOption kafkaOpen = new KafkaOpenOption();

    @Mixin
    private KafkaConfigOption kafkaConfig = new KafkaConfigOption();

    @Mixin
    private ListenOptions listen = new ListenOptions();

    @Mixin
    private LogOptions log = new LogOptions();

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description = "Name of this instance in Kafka (default: made from machine and data directory).")
    private @Nullable String instance;

    @Option(names = "--verbose", description = "Also print the version and the options of the Java virtual machine.")
    private boolean verbose;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "Format of the summary: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TABLE;

    @Override
    public Integer call() throws InterruptedException, IOException {
        log.apply();
        checkOptions();
        checkValues();
        long startNanos = System.nanoTime();
        boolean compilerGivesWay = SecondCompiler.giveWay();
        SimulatedNodes simulated = nodes.nodesOrNone();
        simulated.heapProblem(Runtime.getRuntime().maxMemory()).ifPresent(problem -> {
            throw new ParameterException(spec.commandLine(), problem);
        });
        Workload workload = workloadFile == null ? null : workloadInput.read(workloadFile, workloadFormat);
        DiskSpace.requireToStart(dataDirectory);
        KafkaConnection outside = isOutside() ? kafkaConfig.connection(kafka) : null;
        try (var _ = DirectoryLock.take(dataDirectory, "--data");
                var services = outside == null ? new ServiceStack() : new ServiceStack(outside)) {
            Logging.warningsTo(dataDirectory);
            var stop = StopSignal.install();
            var files = FileBudget.ofProcess();
            files.sayIfSmall(spec.commandLine().getErr());
            LocalCluster cluster;
            try (var progress = new StartProgress(spec.commandLine().getErr(), "the data directory")) {
                cluster = new LocalCluster(config(simulated, outside), files, services, stop, progress);
                cluster.start();
                if (!cluster.awaitReady()) {
                    return 0;
                }
            }
            announce(cluster, simulated, workload, compilerGivesWay, Duration.ofNanos(System.nanoTime() - startNanos));
            int exitCode = workloadFile == null || workload == null
                    ? runUntilStopped(services, stop)
                    : feed(workloadFile, workload, cluster, services, stop);
            if (stop.isReceived()) {
                spec.commandLine().getErr().println("Stopping...");
            }
            return exitCode;
        }
    }

    private void checkOptions() {
        if (once && workloadFile == null) {
            throw usage("--once needs --workload FILE: it ends with the workload's last task");
        }
        if (workloadFile == null && (keepOffset || workloadInput.skipsBadRows())) {
            throw usage("--keep-offset and --skip-bad-rows need --workload FILE");
        }
        if (workloadFormat != null && workloadFile == null) {
            throw usage("--workload-format needs --workload FILE");
        }
        if (kafka != null && !Kafka.isAddress(kafka)) {
            throw usage("--kafka is '%s', but must be HOST:PORT".formatted(kafka));
        }
        if (isOutside() && kafkaPort != 0) {
            throw usage("--kafka-port is for the embedded broker, which --kafka and --kafka-config replace");
        }
        if (isOutside() && kafkaOpen.isOpen()) {
            throw usage("--kafka-open is for the embedded broker, which --kafka and --kafka-config replace");
        }
        if (kafkaPort < 0 || kafkaPort > KAFKA_PORT_MAX) {
            throw usage("--kafka-port is %d, but must be from 1 to %d".formatted(kafkaPort, KAFKA_PORT_MAX));
        }
    }

    /** Checks, before anything is started, the options that are otherwise validated only when they are used. */
    private void checkValues() {
        policy.spec();
        if (!isOutside() && kafkaPort == listen.port()) {
            throw usage("--port and --kafka-port are both %d, but must differ".formatted(kafkaPort));
        }
        if (instance != null) {
            InstanceName.requireValid(instance, spec.commandLine());
        }
    }

    private boolean isOutside() {
        return kafka != null || kafkaConfig.isGiven();
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    private LocalCluster.Config config(SimulatedNodes simulated, @Nullable KafkaConnection outside) {
        return new LocalCluster.Config(
                simulated,
                faults.settings(),
                policy::settings,
                speed.value(),
                dataDirectory,
                outside,
                kafkaPort,
                kafkaOpen.isOpen(),
                listen,
                instance == null ? InstanceName.stable(dataDirectory) : instance);
    }

    private void announce(
            LocalCluster cluster,
            SimulatedNodes simulated,
            @Nullable Workload workload,
            boolean compilerGivesWay,
            Duration took) {
        var out = output == OutputFormat.TABLE
                ? log.announcements()
                : spec.commandLine().getErr();
        out.println("API    %s   (documentation: %s/docs)".formatted(cluster.apiAddress(), cluster.apiAddress()));
        out.println("Kafka  " + (isOutside() ? cluster.kafka() : kafkaOpen.describe(cluster.kafka(), dataDirectory)));
        out.println("Data   %s".formatted(dataDirectory.toAbsolutePath()));
        if (verbose) {
            out.println("Java   %s, %d processors%s: %s"
                    .formatted(
                            Runtime.version(),
                            Runtime.getRuntime().availableProcessors(),
                            compilerGivesWay ? ", C2 gives way" : "",
                            String.join(
                                    " ", ManagementFactory.getRuntimeMXBean().getInputArguments())));
        }
        if (workload != null) {
            out.println(
                    "Tasks  %d of %s (%s)".formatted(workload.arrivals().size(), workload.name(), workload.format()));
            workload.notes()
                    .rowsLeftOut()
                    .forEach(rows -> out.println(
                            Printable.line("       %d rows are left out: %s".formatted(rows.rows(), rows.reason()))));
        }
        out.println("ready in %.1f s: %s".formatted(took.toMillis() / 1_000.0, simulated.describe()));
        out.flush();
    }

    private static int runUntilStopped(ServiceStack services, StopSignal stop) throws InterruptedException {
        while (!stop.await(CHECK_PERIOD)) {
            services.throwIfFailed();
        }
        return 0;
    }

    private int feed(Path file, Workload workload, LocalCluster cluster, ServiceStack services, StopSignal stop)
            throws InterruptedException, IOException {
        var config = new WorkloadRun.Config(
                cluster.apiAddress(), cluster.kafka(), dataDirectory, file, workload, keepOffset, cluster.clock());
        try (var run = WorkloadRun.start(config, spec.commandLine().getErr())) {
            while (!run.isOver()) {
                if (stop.await(CHECK_PERIOD)) {
                    return 0;
                }
                services.throwIfFailed();
                run.tick();
            }
            run.printSummary(spec.commandLine().getOut(), output);
            return once ? run.exitCode() : runUntilStopped(services, stop);
        }
    }
}
