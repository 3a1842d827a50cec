package io.gpuctl.benchmarks;

import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.kafka.Topics;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures the cost of the telemetry record that each node sends each second, with eight busy GPUs that all differ. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
public class TelemetryBenchmark {
    /** About as many records as fit into a producer's batch of 64 KiB. */
    private static final int BATCH_RECORDS = 40;

    private static final NodeTelemetry[] SAMPLES = samples();

    private final Serializer<NodeTelemetry> serializer = Topics.GPU_TELEMETRY.serializer();
    private final Deserializer<NodeTelemetry> deserializer = Topics.GPU_TELEMETRY.deserializer();
    private NodeTelemetry sample = sample(0);
    private byte[] json = write(sample);

    @Setup
    public void measure() {
        sample = sample(7);
        json = write(sample);
    }

    /** Sizes in bytes: of a record's JSON, and of a record's share of a batch compressed by LZ4. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Sizes {
        public long jsonBytes;
        public long lz4Bytes;

        @Setup(Level.Iteration)
        public void reset() {
            jsonBytes = 0;
            lz4Bytes = 0;
        }
    }

    private static NodeTelemetry sample(int seed) {
        var node = new SimulatedNode(25);
        for (int gpu = 0; gpu < SimulatedNode.GPUS; gpu++) {
            node.start(gpu, LoadProfile.TRAINING_SMALL, 1_000L * gpu + seed);
        }
        node.model().advance(3_600_000L + 17_003L * seed);
        return node.model().telemetry(3_600_000L + 17_003L * seed);
    }

    private byte[] write(NodeTelemetry telemetry) {
        return serializer.serialize(Topics.GPU_TELEMETRY.name(), telemetry);
    }

    @Benchmark
    public byte[] writeJson() {
        return write(sample);
    }

    @Benchmark
    public NodeTelemetry readJson() {
        return deserializer.deserialize(Topics.GPU_TELEMETRY.name(), json);
    }

    /** Writes a batch of forty records, each of a node at a different moment. */
    @Benchmark
    public MemoryRecords writeBatch(Sizes sizes) {
        var records = new SimpleRecord[BATCH_RECORDS];
        long jsonBytes = 0;
        for (int i = 0; i < BATCH_RECORDS; i++) {
            byte[] value = write(SAMPLES[i]);
            jsonBytes += value.length;
            records[i] = new SimpleRecord(value);
        }
        var batch = MemoryRecords.withRecords(Compression.lz4().build(), records);
        sizes.jsonBytes = jsonBytes / BATCH_RECORDS;
        sizes.lz4Bytes = batch.sizeInBytes() / BATCH_RECORDS;
        return batch;
    }

    private static NodeTelemetry[] samples() {
        var samples = new NodeTelemetry[BATCH_RECORDS];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = sample(i);
        }
        return samples;
    }
}
