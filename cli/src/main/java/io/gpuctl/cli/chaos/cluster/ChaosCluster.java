package io.gpuctl.cli.chaos.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;

/** A cluster of separate processes in one directory. Thread-safe, except for start and close. */
public final class ChaosCluster implements AutoCloseable {
    private static final int SERVICE_HEAP_MIB = 256;
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);
    private static final int INSTANCES = 2;

    /**
     * The processes of the cluster.
     *
     * @param brokers 0: nothing runs; 1: {@code gpuctl run broker}; 3: Kafka's own program
     * @param simulatorArguments additional arguments of the simulator
     * @param orchestratorArguments additional arguments of each orchestrator
     */
    public record Shape(int brokers, List<String> simulatorArguments, List<String> orchestratorArguments) {}

    /**
     * The builds of the program that the cluster uses.
     *
     * @param processes the build that brokers and services start with; {@link #install} replaces it for a process
     * @param tools the build for commands on the cluster, such as {@code verify} and {@code replay}
     */
    public record Programs(Program processes, Program tools) {
        /** Uses one build for everything. */
        public static Programs all(Program program) {
            return new Programs(program, program);
        }
    }

    private final Programs programs;
    private final Path directory;
    private final Shape shape;
    private final Ports ports = new Ports();
    private final Map<String, ChildProcess> processes = new LinkedHashMap<>();
    private final Map<String, Function<Program, List<String>>> commands = new HashMap<>();
    private final List<ChildProcess> tools = Collections.synchronizedList(new ArrayList<>());
    private final List<URI> apis = new ArrayList<>();
    private final KafkaAccess kafka;
    private volatile boolean isClosed;
    private final Thread endWithRunner = new Thread(this::killAll, "gpuctl-chaos-cleanup");

    /** Returns a cluster without processes, for scenarios that start their own. */
    public static ChaosCluster empty(Program program, Path directory) {
        try {
            return new ChaosCluster(Programs.all(program), directory, new Shape(0, List.of(), List.of()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ChaosCluster(Programs programs, Path directory, Shape shape) throws IOException {
        this.programs = programs;
        this.directory = Files.createDirectories(directory);
        this.shape = shape;
        Runtime.getRuntime().addShutdownHook(endWithRunner);
        kafka = switch (shape.brokers()) {
            case 0 -> KafkaAccess.open("127.0.0.1:1");
            case 1 -> addBroker();
            default -> addBrokers();
        };
    }

    /** Starts all processes and waits until they are ready. */
    public static ChaosCluster start(Programs programs, Path directory, Shape shape) {
        try {
            var cluster = new ChaosCluster(programs, directory, shape);
            try {
                cluster.startAll();
                return cluster;
            } catch (RuntimeException e) {
                cluster.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private KafkaAccess addBroker() {
        int port = ports.next();
        List<String> arguments = List.of(
                "run",
                "broker",
                "--data",
                data().toString(),
                "--kafka-port",
                Integer.toString(port),
                // No password: a broker creates a new password at each start, and this broker is killed and restarted.
                "--kafka-open");
        add("broker", program -> program.gpuctl(SERVICE_HEAP_MIB, arguments));
        return KafkaAccess.open("127.0.0.1:" + port);
    }

    private KafkaAccess addBrokers() throws IOException {
        var brokers = new KafkaBrokers(directory, ports);
        brokers.format(programs.processes()).forEach(this::add);
        return KafkaAccess.open(brokers.bootstrapServers());
    }

    private void startAll() {
        List.copyOf(processes.values()).forEach(ChildProcess::start);
        awaitBrokers();
        for (int i = 1; i <= INSTANCES; i++) {
            addService("orchestrator", "orchestrator-" + i, shape.orchestratorArguments());
        }
        for (int i = 1; i <= INSTANCES; i++) {
            int port = ports.next();
            apis.add(URI.create("http://127.0.0.1:" + port));
            addService("api", "api-" + i, List.of("--port", Integer.toString(port)));
        }
        addService("simulator", "simulator", shape.simulatorArguments());
        // Start one process after the other: the first service creates the topics.
        for (ChildProcess process : processes.values()) {
            process.start();
            awaitReady(process);
        }
    }

    private void addService(String kind, String name, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of("run", kind));
        arguments.addAll(kafka.arguments());
        arguments.addAll(List.of("--instance", name, "--data", data().toString()));
        arguments.addAll(more);
        add(name, program -> program.gpuctl(SERVICE_HEAP_MIB, arguments));
    }

    private void add(String name, Function<Program, List<String>> command) {
        commands.put(name, command);
        processes.put(
                name,
                new ChildProcess(
                        name, command.apply(programs.processes()), directory.resolve(name + ".log"), Map.of()));
    }

    /** Replaces the program of a process from its next start on; keeps the arguments. */
    public void install(Program program, ChildProcess process) {
        process.setCommand(Objects.requireNonNull(commands.get(process.name()), process.name())
                .apply(program));
    }

    public Programs programs() {
        return programs;
    }

    private void awaitBrokers() {
        if (shape.brokers() == 1) {
            awaitReady(process("broker"));
        } else {
            Waiting.until("all brokers answer", START_TIMEOUT, () -> KafkaBrokers.areInSync(kafka));
        }
    }

    private void awaitReady(ChildProcess process) {
        if (isKafka(process)) {
            return; // Kafka prints no such line: awaitBrokers checks it.
        }
        Waiting.until(process.name() + " is ready", START_TIMEOUT, () -> {
            throwIfEnded(process);
            process.start(); // It may have been killed meanwhile.
            return process.output().contains("ready in ");
        });
    }

    private boolean isKafka(ChildProcess process) {
        return shape.brokers() > 1 && process.name().startsWith("broker-");
    }

    /** Restarts killed processes, resumes paused ones, and waits until all are ready. */
    public void heal() {
        throwIfEnded();
        processes.values().forEach(ChildProcess::resume);
        processes.values().stream()
                .filter(process -> process.name().startsWith("broker"))
                .forEach(ChildProcess::start);
        awaitBrokers();
        processes.values().forEach(ChildProcess::start);
        processes.values().forEach(this::awaitReady);
    }

    /** Restarts all killed processes but one, without waiting. */
    public void revive(String away) {
        throwIfEnded();
        processes.values().stream()
                .filter(process -> !process.isAlive() && !process.name().equals(away))
                .forEach(ChildProcess::start);
    }

    /** Returns whether every partition has all its copies; always true with one broker. */
    public boolean isInSync() {
        return shape.brokers() == 1 || KafkaBrokers.areInSync(kafka);
    }

    /** Throws if a process ended without being killed or stopped. */
    public void throwIfEnded() {
        processes.values().forEach(ChaosCluster::throwIfEnded);
    }

    private static void throwIfEnded(ChildProcess process) {
        if (process.endedByItself()) {
            throw new ChaosException("%s ended by itself:%n    %s".formatted(process.name(), process.tail()));
        }
    }

    /** Runs a {@code gpuctl} command to its end. Returns the ended process, for its output. */
    public ChildProcess run(String name, int heapMiB, Duration timeout, List<String> arguments) {
        ChildProcess tool = launch(name, heapMiB, arguments);
        tool.awaitExit(timeout);
        return tool;
    }

    /** Starts a {@code gpuctl} command that is not part of the cluster; it ends with the cluster at the latest. */
    public ChildProcess launch(String name, int heapMiB, List<String> arguments) {
        ChildProcess tool = prepare(name, heapMiB, 0, arguments);
        tool.start();
        return tool;
    }

    /**
     * Prepares such a command without starting it. {@code fileLimit}: files that it may open; 0 for the system's limit.
     */
    public ChildProcess prepare(String name, int heapMiB, int fileLimit, List<String> arguments) {
        List<String> command = programs.tools().gpuctl(heapMiB, arguments);
        if (fileLimit > 0) {
            command = new ArrayList<>(command);
            command.addAll(0, List.of("sh", "-c", "ulimit -n %d; exec \"$@\"".formatted(fileLimit), "sh"));
        }
        return tool(name, command, Map.of());
    }

    /** Prepares such a command without starting it, with the JVM options that a user's command has. */
    public ChildProcess prepareShipped(String name, List<String> arguments) {
        return tool(name, programs.tools().shipped(arguments), Map.of("GPUCTL_NO_BUILD", "1"));
    }

    /** Prepares a command of another program without starting it; it ends with the cluster at the latest. */
    public ChildProcess prepareOther(String name, List<String> command) {
        return tool(name, command, Map.of());
    }

    private ChildProcess tool(String name, List<String> command, Map<String, String> environment) {
        var tool = new ChildProcess(name, command, directory.resolve(name + ".log"), environment);
        tools.add(tool);
        if (isClosed) {
            tool.end(); // All others have been ended already, so nothing else would end this one.
        }
        return tool;
    }

    /** Returns a free port of 127.0.0.1. */
    public int freePort() {
        return ports.next();
    }

    public ChildProcess process(String name) {
        ChildProcess process = processes.get(name);
        if (process == null) {
            throw new ChaosException(
                    "There is no process %s. The processes are %s".formatted(name, processes.keySet()));
        }
        return process;
    }

    /** Returns the processes in the order of their start. */
    public List<ChildProcess> processes() {
        return List.copyOf(processes.values());
    }

    public List<ChildProcess> processes(String kind) {
        return processes.values().stream()
                .filter(process -> process.name().startsWith(kind))
                .toList();
    }

    public List<URI> apis() {
        return Collections.unmodifiableList(apis);
    }

    public KafkaAccess kafka() {
        return kafka;
    }

    public Admin admin() {
        return kafka.admin();
    }

    public Shape shape() {
        return shape;
    }

    /** Returns the directory of all files of this cluster. */
    public Path directory() {
        return directory;
    }

    /** Returns the data directory of the services. */
    public Path data() {
        return directory.resolve("data");
    }

    /** Stops all processes in order, and returns which of them had to be killed. */
    public List<String> stopAll() {
        List<String> late = new ArrayList<>();
        List<ChildProcess> reversed = processes().reversed();
        for (ChildProcess process : reversed) {
            if (!process.stop(STOP_TIMEOUT)) {
                late.add(process.name());
            }
        }
        return late;
    }

    private void killAll() {
        isClosed = true;
        List.copyOf(tools).forEach(ChildProcess::end);
        processes.values().forEach(ChildProcess::end);
    }

    /** Kills all running processes. */
    @Override
    public void close() {
        killAll();
        try {
            Runtime.getRuntime().removeShutdownHook(endWithRunner);
        } catch (IllegalStateException e) {
            return; // The runner is exiting: the shutdown hook does the same.
        }
    }
}
