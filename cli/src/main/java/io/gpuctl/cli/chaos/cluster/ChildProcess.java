package io.gpuctl.cli.chaos.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process of the cluster that can be restarted after its end. Its stdout and stderr are appended to one file across
 * all starts. Thread-safe.
 */
public final class ChildProcess {
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(20);
    private static final int TAIL_LINES = 12;

    private final String name;
    private List<String> command;
    private final Path output;
    private final Map<String, String> environment;
    private @Nullable Process process;
    private boolean isPaused;
    private boolean wasEnded;
    private boolean isOver;
    private long outputBeforeStart;

    ChildProcess(String name, List<String> command, Path output, Map<String, String> environment) {
        this.name = name;
        this.command = command;
        this.output = output;
        this.environment = environment;
    }

    public String name() {
        return name;
    }

    /** Sets the command for the next start. */
    synchronized void setCommand(List<String> newCommand) {
        command = newCommand;
    }

    /** Starts the process, unless it is running. */
    public synchronized void start() {
        if (isAlive()) {
            return;
        }
        if (isOver) {
            throw new ChaosException("%s cannot be started: the cluster is closed".formatted(name));
        }
        try {
            outputBeforeStart = Files.exists(output) ? Files.size(output) : 0;
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
            builder.environment().putAll(environment);
            process = builder.start();
            isPaused = false;
            wasEnded = false;
        } catch (IOException e) {
            throw new ChaosException("%s cannot be started: %s".formatted(name, e.getMessage()), e);
        }
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    public synchronized boolean isPaused() {
        return isPaused && isAlive();
    }

    /** Returns whether the process was started, and ended without being killed or stopped here. */
    public synchronized boolean endedByItself() {
        return process != null && !process.isAlive() && !wasEnded;
    }

    /** Returns whether the process is running and not paused. */
    public synchronized boolean isWorking() {
        return isAlive() && !isPaused;
    }

    /** Returns the process id; 0 if the process is not running. */
    public synchronized long pid() {
        return process != null && process.isAlive() ? process.pid() : 0;
    }

    /** Sends SIGKILL. */
    public synchronized void kill() {
        if (process != null) {
            wasEnded |= process.isAlive();
            process.destroyForcibly();
            await(process, KILL_TIMEOUT);
        }
    }

    /** Sends SIGKILL, and prevents further starts. */
    void end() {
        synchronized (this) {
            isOver = true;
        }
        kill();
    }

    /** Sends SIGTERM, and SIGKILL if the process does not stop in time. Returns whether it stopped by itself. */
    public boolean stop(Duration timeout) {
        Process stopping;
        synchronized (this) {
            if (process == null || !process.isAlive()) {
                return true;
            }
            resume();
            wasEnded = true;
            process.destroy();
            stopping = process;
        }
        boolean stopped = await(stopping, timeout);
        if (!stopped) {
            kill();
        }
        return stopped;
    }

    /** Sends SIGSTOP. */
    public synchronized void pause() {
        signal("-STOP");
        isPaused = true;
    }

    /** Sends SIGCONT. */
    public synchronized void resume() {
        if (isPaused) {
            signal("-CONT");
            isPaused = false;
        }
    }

    private void signal(String signal) {
        if (process == null || !process.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new ChaosException("kill %s %s: %s".formatted(signal, name, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean await(Process process, Duration timeout) {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits for the process to end. Returns the exit code; throws on a timeout. */
    public int awaitExit(Duration timeout) {
        Process waited;
        synchronized (this) {
            waited = process;
        }
        try {
            if (waited == null || !waited.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ChaosException("%s does not end within %d s".formatted(name, timeout.toSeconds()));
            }
            return waited.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChaosException("Interrupted", e);
        }
    }

    /** Returns the output since the last start. */
    public synchronized String output() {
        try {
            byte[] all = Files.exists(output) ? Files.readAllBytes(output) : new byte[0];
            int from = (int) Math.min(outputBeforeStart, all.length);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the last lines of the output. */
    public String tail() {
        List<String> lines = output().lines().toList();
        return String.join("\n    ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }
}
