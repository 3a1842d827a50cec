package io.gpuctl.cli.bench.suite;

import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

final class TelemetryMeasurement implements Measurement {
    private static final List<TopicPartition> PARTITIONS = IntStream.range(0, Topics.GPU_TELEMETRY.partitions())
            .mapToObj(partition -> new TopicPartition(Topics.GPU_TELEMETRY.name(), partition))
            .toList();

    @Override
    public String name() {
        return "telemetry";
    }

    @Override
    public String description() {
        return "A cluster without tasks: the records of telemetry that its nodes send, and the cores that all of it uses.";
    }

    @Override
    public Map<String, Double> measure(Rig rig) throws Exception {
        try (var cluster = rig.up();
                var consumer = consumer(cluster.kafka())) {
            Thread.sleep(rig.settings().warmup());
            Duration cpuBefore = cluster.cpu();
            long recordsBefore = records(consumer);
            long startNanos = System.nanoTime();
            Thread.sleep(rig.settings().measured());
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            return new Figures()
                    .put("records_per_s", (records(consumer) - recordsBefore) / seconds)
                    .put("cluster_cpu_cores", cluster.cpu().minus(cpuBefore).toNanos() / 1e9 / seconds)
                    .put("resident_mib", cluster.residentMib())
                    .toMap();
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(KafkaConnection kafka) {
        return new KafkaConsumer<>(kafka.with(Map.of()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static long records(KafkaConsumer<byte[], byte[]> consumer) {
        return consumer.endOffsets(PARTITIONS).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
