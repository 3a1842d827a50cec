package io.gpuctl.cli;

import static io.gpuctl.cli.Patience.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The packaged program in a process of its own, started as a user starts it. Its output goes to a file. */
final class GpuctlProcess implements AutoCloseable {

    private static final Set<Integer> GIVEN_PORTS = ConcurrentHashMap.newKeySet();

    private final Process process;
    private final Path output;

    private GpuctlProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts the program; stdout and stderr go to the file. */
    static GpuctlProcess start(Path output, String... args) throws IOException {
        return startWith("", output, args);
    }

    /** Starts the program with an additional option of the JVM. */
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

    /** Runs the program to its end. */
    static CommandRun run(Path directory, String... args) throws IOException, InterruptedException {
        return runWith("", directory, args);
    }

    /** Runs the program to its end with an additional option of the JVM. */
    static CommandRun runWith(String javaOption, Path directory, String... args)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "run", ".out");
        try (var gpuctl = startWith(javaOption, output, args)) {
            return gpuctl.end();
        }
    }

    /** Runs a shell command to its end; {@code $GPUCTL} in the command is the program. */
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

    /**
     * Returns a free port, a different one each time: otherwise the system could assign a port again before its user
     * listens on it.
     */
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
        await().until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + output());
            }
            return output().contains(text);
        });
        return this;
    }

    int awaitExit() throws InterruptedException, IOException {
        if (!process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
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
