package io.gpuctl.events.kafka;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The common settings of producers that write transactions in rapid succession: the producers of Kafka Streams. */
public final class CommittingProducer {
    /**
     * The size of a batch: as much as one commit writes to a partition at some hundreds of tasks a second. A commit is
     * then one batch, and the broker forces each batch to the disk. Kafka's default is 16 KiB. A partition's buffer is
     * as large as a batch.
     */
    private static final int BATCH_BYTES = 256 << 10;

    private CommittingProducer() {}

    /** Returns the settings, under Kafka's names. */
    public static Map<String, Object> settings() {
        return Map.of(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                RecordLimits.DEAD_LETTER_BYTES,
                ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES,
                // A batch holds one commit's records for one partition; a compressor takes 128 KiB for each batch.
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "none",
                // The brokers refuse a transaction's first batch until they have completed the previous transaction:
                // some milliseconds on one machine, some round trips between several. The commit waits for it.
                ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                1,
                ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG,
                50,
                // Otherwise batches after a refused one would arrive out of order.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1);
    }
}
