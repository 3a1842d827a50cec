package io.gpuctl.cli.cluster;

import java.io.PrintWriter;
import java.time.Duration;

/** Prints what a slow start waits for: one line after 5 s, then one every 10 s. Any thread may set the current step. */
final class StartProgress implements AutoCloseable {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration NEXT = Duration.ofSeconds(10);

    /** The API's reason for not being ready may be long. */
    private static final int TEXT_MAX = 300;

    private final PrintWriter err;
    private final long startNanos = System.nanoTime();
    private final Thread thread;
    private volatile String stage;

    /** {@code stage}: the first step. */
    StartProgress(PrintWriter err, String stage) {
        this.err = err;
        this.stage = stage;
        thread = Thread.ofPlatform().name("gpuctl-start-progress").daemon().start(this::run);
    }

    /** Returns the writer for messages to the user. */
    PrintWriter messages() {
        return err;
    }

    /** Sets the current step. */
    void waitFor(String what) {
        stage = what;
    }

    private void run() {
        try {
            for (Duration wait = FIRST; ; wait = NEXT) {
                Thread.sleep(wait);
                err.println(line(stage, Duration.ofNanos(System.nanoTime() - startNanos)));
                err.flush();
            }
        } catch (InterruptedException _) {
            // The start is over.
        }
    }

    static String line(String stage, Duration since) {
        String text = stage.lines().map(String::strip).reduce("", (a, b) -> a.isEmpty() ? b : a + " " + b);
        return "starting for %d s: %s"
                .formatted(since.toSeconds(), text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "..." : text);
    }

    /** Stops printing, because the service is ready or has failed. */
    void end() {
        thread.interrupt();
    }

    @Override
    public void close() {
        end();
    }
}
