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
 * Kafka's own clients, but a producer whose transactions end when they can: longer than {@code max.block.ms}, which is short for the
 * sake of queries, for up to {@link #PATIENCE}.
 *
 * <p>A broker that is lost is replaced after some ten seconds. If a commit gave up before, Kafka Streams would throw all stores away
 * and restore them. If the abort that follows gave up as well, what is still on its way to a broker would tell Kafka Streams a place
 * in the changelogs that the emptied stores have not reached, and what is older would be missing from then on. So the patience is
 * more than {@code request.timeout.ms}, after which nothing is on its way.
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
     * Each of these calls may be repeated after it has waited for {@code max.block.ms} in vain, and waits on then. The same exception
     * earlier is of a record that was not sent in {@code delivery.timeout.ms}: its transaction cannot be committed any more.
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
