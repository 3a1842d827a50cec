package io.gpuctl.cli.cluster;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * Says what a start waits for if it takes long: after 5 s, then each 10 s, in one line each. Any thread may tell it what is
 * being done.
 */
final class StartProgress implements AutoCloseable {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration NEXT = Duration.ofSeconds(10);

    /** The API's answer to why it is not ready may be long. */
    private static final int TEXT_MAX = 300;

    private final PrintWriter err;
    private final long startNanos = System.nanoTime();
    private final Thread thread;
    private volatile String stage;

    /** {@code stage}: what is done first. */
    StartProgress(PrintWriter err, String stage) {
        this.err = err;
        this.stage = stage;
        thread = Thread.ofPlatform().name("gpuctl-start-progress").daemon().start(this::run);
    }

    /** Where the process tells its user what it does. */
    PrintWriter messages() {
        return err;
    }

    /** From now on this is waited for. */
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

    /** It is ready, or will not be: nothing more is said. */
    void end() {
        thread.interrupt();
    }

    @Override
    public void close() {
        end();
    }
}
