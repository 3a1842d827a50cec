package io.gpuctl.events.kafka;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How large a record may be, in bytes with key and headers: what topics take, and what producers send, is declared here
 * and nowhere else. {@code LargestRecordsTest} builds the largest record of each type that the contract allows, and checks
 * that it fits.
 *
 * <p>Consumers need no such setting: Kafka gives them the first record of a fetch whatever its size.
 */
public final class RecordLimits {
    /** What most topics take: Kafka's own default. */
    static final int ORDINARY_BYTES = 1_048_588;

    /** A fact that places a gang on 4,096 nodes, and the stored entries that hold as much. */
    static final int LARGE_BYTES = 4 << 20;

    /** Dead letters are cut to a few KiB; but the last resort must never be the one that is too small. */
    static final int DEAD_LETTER_BYTES = 2 * LARGE_BYTES;

    /**
     * The broker takes records of these topics apart if they come compressed, and refuses what is too large then: 30 MB
     * of zeros are 29 KB of gzip, and whoever reads them has to hold all of it. Our own producers of these compress nothing.
     */
    static final Map<String, String> NOT_COMPRESSED = Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, "uncompressed");

    /**
     * Records that Kafka Streams holds of each partition that it reads, before it takes no more from the broker. Its
     * default is 1,000, which is 1 GB of the largest ordinary records.
     */
    public static final int BUFFERED_RECORDS_PER_PARTITION = 20;

    private RecordLimits() {}

    /** What every producer must have set, those of Kafka Streams too: the largest record fits. */
    public static Map<String, Object> producer() {
        return Map.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DEAD_LETTER_BYTES);
    }
}
