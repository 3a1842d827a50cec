package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.bench.load.Cpu;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import io.gpuctl.cli.kafka.ClusterBroker;
import io.gpuctl.cli.kafka.KafkaConfigOption;
import io.gpuctl.events.kafka.KafkaConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** A cluster of {@code gpuctl up} in a process of its own. */
final class UpCluster implements AutoCloseable {
    private static final String READY = "ready in ";
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);

    /** Short, because the time of a start is a figure. */
    private static final Duration PERIOD = Duration.ofMillis(10);

    private final ChildProcess process;
    private final URI api;
    private final Path data;
    private Duration readyAfter = Duration.ZERO;

    private UpCluster(ChildProcess process, URI api, Path data) {
        this.process = process;
        this.api = api;
        this.data = data;
    }

    static UpCluster start(ChildProcess process, int port, Path data) throws InterruptedException {
        var cluster = new UpCluster(process, URI.create("http://127.0.0.1:" + port), data);
        cluster.start();
        return cluster;
    }

    private void start() throws InterruptedException {
        readyAfter = startUntilReady(process);
    }

    /** Starts a process, waits until it prints that it is ready, and returns how long that took. */
    static Duration startUntilReady(ChildProcess process) throws InterruptedException {
        long startNanos = System.nanoTime();
        process.start();
        while (!process.output().contains(READY)) {
            if (!process.isAlive()) {
                throw new ChaosException("%s ended by itself: %s".formatted(process.name(), process.tail()));
            }
            if (System.nanoTime() - startNanos > START_LIMIT.toNanos()) {
                throw new ChaosException(
                        "%s was not ready within %d s".formatted(process.name(), START_LIMIT.toSeconds()));
            }
            Thread.sleep(PERIOD);
        }
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** Stops the cluster in an orderly way, and starts it again. */
    void restart() throws InterruptedException {
        close();
        start();
    }

    /** Returns the time from the last start of the process until the cluster was ready. */
    Duration readyAfter() {
        return readyAfter;
    }

    URI api() {
        return api;
    }

    KafkaConnection kafka() {
        return kafka(data);
    }

    /** Returns the connection to the running embedded broker of a data directory. */
    static KafkaConnection kafka(Path data) {
        return ClusterBroker.of(null, new KafkaConfigOption(), data).kafka();
    }

    /** Returns the CPU time of the process since its start. */
    Duration cpu() {
        return cpu(process);
    }

    static Duration cpu(ChildProcess process) {
        return ProcessHandle.of(process.pid()).map(Cpu::of).orElse(Duration.ZERO);
    }

    int residentMib() {
        return Machine.residentMib(process.pid());
    }

    @Override
    public void close() {
        if (!process.stop(STOP_LIMIT)) {
            throw new ChaosException("%s did not stop within %d s".formatted(process.name(), STOP_LIMIT.toSeconds()));
        }
    }
}
