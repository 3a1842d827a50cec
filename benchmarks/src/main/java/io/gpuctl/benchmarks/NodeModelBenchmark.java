package io.gpuctl.benchmarks;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeTelemetry;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the cost of the physical model of a busy node. In warm air, heat may throttle GPUs, and then each change
 * affects all eight GPUs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
public class NodeModelBenchmark {
    @Param({"25", "45"})
    double ambientCelsius;

    private SimulatedNode steady = new SimulatedNode(25);
    private SimulatedNode varying = new SimulatedNode(25);
    private AttemptId last = steady.start(0, LoadProfile.STEADY, 0);
    private long nowMs;
    private long varyingMs;

    /**
     * Starts the nodes anew for each iteration: within ten seconds of measurement, even tasks of the longest allowed
     * duration would end.
     */
    @Setup(Level.Iteration)
    public void fill() {
        steady = new SimulatedNode(ambientCelsius);
        varying = new SimulatedNode(ambientCelsius);
        for (int gpu = 0; gpu < SimulatedNode.GPUS; gpu++) {
            last = steady.start(gpu, LoadProfile.STEADY, 0);
            varying.start(gpu, LoadProfile.TRAINING_SMALL, 0);
        }
        nowMs = 0;
        varyingMs = 0;
    }

    /** Stops an attempt on one GPU, and starts another a second later: two events. */
    @Benchmark
    public void stopAndStart() {
        nowMs += 1_000;
        steady.stop(last, nowMs);
        nowMs += 1_000;
        last = steady.start(SimulatedNode.GPUS - 1, LoadProfile.STEADY, nowMs);
    }

    /** Changes the load of the attempt on one GPU: one event. */
    @Benchmark
    public void changeLoad() {
        varyingMs = varying.model().nextEventMs();
        varying.model().advance(varyingMs);
    }

    /** Advances by a second in which nothing happens. */
    @Benchmark
    public Object advance() {
        nowMs += 1_000;
        return steady.model().advance(nowMs);
    }

    /** Measures all eight GPUs. */
    @Benchmark
    public NodeTelemetry measure() {
        nowMs += 1_000;
        return steady.model().telemetry(nowMs);
    }
}
