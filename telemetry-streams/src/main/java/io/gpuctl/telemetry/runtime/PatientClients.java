package io.gpuctl.telemetry.runtime;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka's own clients, except that the producer waits up to {@link #PATIENCE} for the end of a transaction.
 * {@code max.block.ms} is shorter, for the sake of queries.
 *
 * <p>A lost broker is replaced after some ten seconds. If a commit gave up earlier, Kafka Streams would discard all
 * stores and restore them. If the following abort gave up too, records in flight to a broker would tell Kafka Streams a
 * position in the changelogs that the emptied stores have not reached, and older records would stay missing. So the
 * patience is longer than {@code request.timeout.ms}, after which no record is in flight.
 */
final class PatientClients implements KafkaClientSupplier {
    static final Duration PATIENCE = Duration.ofMinutes(1);

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new PatientProducer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * A call that timed out after {@code max.block.ms} may be repeated, and then keeps waiting. An earlier timeout
     * means that a record was not sent within {@code delivery.timeout.ms}: its transaction cannot be committed.
     */
    private static final class PatientProducer extends KafkaProducer<byte[], byte[]> {
        private final long waitNanos;

        PatientProducer(Map<String, Object> config) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
            Object waitMs = ConfigDef.parseType(
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    config.get(ProducerConfig.MAX_BLOCK_MS_CONFIG),
                    ConfigDef.Type.LONG);
            waitNanos = Duration.ofMillis((Long) waitMs).toNanos();
        }

        @Override
        public void sendOffsetsToTransaction(
                Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
            patiently(() -> super.sendOffsetsToTransaction(offsets, group));
        }

        @Override
        public void commitTransaction() {
            patiently(super::commitTransaction);
        }

        @Override
        public void abortTransaction() {
            patiently(super::abortTransaction);
        }

        private void patiently(Runnable call) {
            long startNanos = System.nanoTime();
            while (true) {
                long callNanos = System.nanoTime();
                try {
                    call.run();
                    return;
                } catch (TimeoutException e) {
                    long nowNanos = System.nanoTime();
                    if (nowNanos - callNanos < waitNanos || nowNanos - startNanos > PATIENCE.toNanos()) {
                        throw e;
                    }
                }
            }
        }
    }
}
