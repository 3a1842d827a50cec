package io.gpuctl.cli;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The packaged program in a process of its own, as a user starts it; its output in a file. */
final class GpuctlProcess implements AutoCloseable {

    /** Slow machines that do other things besides. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Set<Integer> GIVEN_PORTS = ConcurrentHashMap.newKeySet();

    private final Process process;
    private final Path output;

    private GpuctlProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts it; both of its streams go to that file. */
    static GpuctlProcess start(Path output, String... args) throws IOException {
        return startWith("", output, args);
    }

    /** With another option of the JVM. */
    static GpuctlProcess startWith(String javaOption, Path output, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(script().toString()));
        command.addAll(Arrays.asList(args));
        return start(javaOption, output, command);
    }

    private static GpuctlProcess start(String javaOption, Path output, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        if (!javaOption.isEmpty()) {
            builder.environment().put("GPUCTL_JAVA_OPTS", javaOption);
        }
        builder.environment().put("GPUCTL_NO_BUILD", "1");
        builder.environment().put("GPUCTL", script().toString());
        return new GpuctlProcess(builder.start(), output);
    }

    private static Path script() {
        return Path.of(System.getProperty("maven.project.basedir", ".")).resolve("../gpuctl");
    }

    /** Runs it to its end. */
    static CommandRun run(Path directory, String... args) throws IOException, InterruptedException {
        return runWith("", directory, args);
    }

    /** With another option of the JVM. */
    static CommandRun runWith(String javaOption, Path directory, String... args)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "run", ".out");
        try (var gpuctl = startWith(javaOption, output, args)) {
            return gpuctl.end();
        }
    }

    /** Runs a shell command to its end, in which {@code $GPUCTL} is the program. */
    static CommandRun shell(Path directory, String command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "run", ".out");
        try (var shell = start("", output, List.of("sh", "-c", command))) {
            return shell.end();
        }
    }

    private CommandRun end() throws IOException, InterruptedException {
        int exitCode = awaitExit();
        return new CommandRun(exitCode, output(), "");
    }

    /** Another one each time: what was free a moment ago may be given again before its user has begun to listen. */
    static int freePort() throws IOException {
        while (true) {
            try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
                if (GIVEN_PORTS.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            }
        }
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    GpuctlProcess awaitOutput(String text) {
        await().atMost(PATIENCE).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + output());
            }
            return output().contains(text);
        });
        return this;
    }

    int awaitExit() throws InterruptedException, IOException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still runs: " + output());
        }
        return process.exitValue();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
