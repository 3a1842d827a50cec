package io.gpuctl.events.kafka;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What the producers have in common that write in transactions which follow each other closely: those of Kafka Streams. */
public final class CommittingProducer {
    /**
     * What one commit writes to a partition, at some hundreds of tasks a second, so that it is one batch: the broker forces each to the
     * disk. Kafka's default is 16 KiB. A partition's buffer is as large as a batch.
     */
    private static final int BATCH_BYTES = 256 << 10;

    private CommittingProducer() {}

    /** Kafka's own names. */
    public static Map<String, Object> settings() {
        return Map.of(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                RecordLimits.DEAD_LETTER_BYTES,
                ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES,
                // A batch is what one commit holds of one partition; a compressor takes 128 KiB for each.
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "none",
                // A transaction's first batch is refused as long as the brokers complete the one before: some
                // milliseconds on one machine, some round trips between several. The commit waits for it.
                ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                1,
                ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG,
                50,
                // Others behind that batch would come out of order.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1);
    }
}
