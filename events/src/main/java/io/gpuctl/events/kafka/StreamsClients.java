package io.gpuctl.events.kafka;

import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The common settings of the clients that Kafka Streams creates. */
public final class StreamsClients {
    /**
     * The size of a batch: as much as one commit writes to a partition at some hundreds of tasks a second. A commit is
     * then one batch, and the broker forces each batch to the disk. Kafka's default is 16 KiB. A partition's buffer is
     * as large as a batch.
     */
    private static final int BATCH_BYTES = 256 << 10;

    /**
     * Longer than the time between two commits. A commit sends what has gathered, whatever this value is; with Kafka's
     * default of 5 ms, a commit's records would be several batches, and each is forced to the disk.
     */
    private static final int LINGER_MS = 1_000;

    /**
     * The time that an admin client waits for one answer, and for all tries of a call, ms. While an app gets its
     * partitions back, it waits for the ends of its changelogs. If their leader hangs or has lost its network, the
     * client keeps asking that broker for the whole call, also after another broker has taken over; only the next call
     * asks the other broker. Kafka's default is one minute.
     */
    private static final int ADMIN_REQUEST_MS = 5_000;

    private static final int ADMIN_CALL_MS = 10_000;

    private StreamsClients() {}

    /** Returns the settings of an admin client, under Kafka's names. */
    public static Map<String, Object> admin() {
        return Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                ADMIN_REQUEST_MS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                ADMIN_CALL_MS);
    }

    /** Returns the settings of a producer that writes transactions in rapid succession, under Kafka's names. */
    public static Map<String, Object> producer() {
        return Map.of(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                RecordLimits.DEAD_LETTER_BYTES,
                ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES,
                ProducerConfig.LINGER_MS_CONFIG,
                LINGER_MS,
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
