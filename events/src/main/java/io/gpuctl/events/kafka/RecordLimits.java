package io.gpuctl.events.kafka;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The maximum sizes of records, in bytes with key and headers. The limits of topics and of producers are declared only
 * here. {@code LargestRecordsTest} builds the largest record of each type that the contract allows, and checks that it
 * fits.
 *
 * <p>Consumers need no limit: Kafka returns the first record of a fetch whatever its size.
 */
public final class RecordLimits {
    /** The limit of most topics: Kafka's own default. */
    static final int ORDINARY_BYTES = 1_048_588;

    /** The limit for a fact that places a gang on 4,096 nodes, and for stored entries that hold as much. */
    static final int LARGE_BYTES = 4 << 20;

    /** Dead letters are cut to a few KiB, but as the last resort they must never be too large for their topic. */
    static final int DEAD_LETTER_BYTES = 2 * LARGE_BYTES;

    /**
     * The broker decompresses records of these topics and refuses those that are then too large: 30 MB of zeros are 29
     * KB of gzip, and a reader has to hold all of it. gpuctl's own producers for these topics do not compress.
     */
    static final Map<String, String> NOT_COMPRESSED = Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, "uncompressed");

    /**
     * The number of records that Kafka Streams buffers for each partition before it stops fetching. Its default is
     * 1,000, which is 1 GB of the largest ordinary records.
     */
    public static final int BUFFERED_RECORDS_PER_PARTITION = 20;

    private RecordLimits() {}

    /**
     * Returns the settings that every producer needs, including those of Kafka Streams, so that the largest record
     * fits.
     */
    public static Map<String, Object> producer() {
        return Map.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DEAD_LETTER_BYTES);
    }
}
