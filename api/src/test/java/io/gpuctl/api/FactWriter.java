package io.gpuctl.api;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes facts like the orchestrator: numbered by pool, without gaps. All tests of a broker share one writer. */
public final class FactWriter implements AutoCloseable {

    private static final Map<String, Map<PoolId, Long>> SEQUENCES = new HashMap<>();

    private final KafkaProducer<String, Fact> producer;
    private final Map<PoolId, Long> sequences;
    private final String bootstrapServers;

    public FactWriter(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "partitioner.class",
                        PoolPartitioner.class.getName(),
                        "acks",
                        "all"),
                new StringSerializer(),
                Topics.CLUSTER_EVENTS.serializer());
        sequences = SEQUENCES.computeIfAbsent(bootstrapServers, _ -> new HashMap<>());
        if (!sequences.containsKey(PoolId.DEFAULT)) {
            // If only other pools had nodes, submissions to this pool would be refused.
            write(PoolId.DEFAULT, new ClusterEvent.NodeRegistered(node("roomy", PoolId.DEFAULT, 64, 1 << 20), 1, 0));
        }
    }

    public void write(PoolId pool, ClusterEvent event) {
        write(pool, Cause.TIMER, event);
    }

    synchronized void write(PoolId pool, Cause cause, ClusterEvent event) {
        long sequence = sequences.merge(pool, 1L, Long::sum);
        var fact = new Fact(pool, sequence, System.currentTimeMillis(), cause, event);
        send(producer, new ProducerRecord<>(Topics.CLUSTER_EVENTS.name(), event.subject(), fact));
    }

    private static <V> void send(KafkaProducer<String, V> producer, ProducerRecord<String, V> next) {
        try {
            producer.send(next).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Writes telemetry of a node, so that the views have some. */
    public void write(NodeTelemetry sample) {
        try (var telemetry = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new StringSerializer(),
                Topics.GPU_TELEMETRY.serializer())) {
            send(
                    telemetry,
                    new ProducerRecord<>(
                            Topics.GPU_TELEMETRY.name(), sample.nodeId().value(), sample));
        }
    }

    public static NodeInventory node(String id, PoolId pool, int gpus, long gpuMemoryMib) {
        return new NodeInventory(
                new NodeId(id), pool, "A100-SXM4-80GB", gpus, gpuMemoryMib, 128_000, 1_048_576, 60, 400, 25, 85);
    }

    @Override
    public void close() {
        producer.close();
    }
}
