package io.gpuctl.events.kafka;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topics in which Kafka Streams keeps the stores of gpuctl's applications. Kafka Streams creates and names them
 * itself.
 */
public final class Changelogs {
    private static final String PREFIX = "gpuctl-";
    private static final String SUFFIX = "-changelog";

    /**
     * The configuration of changelogs. They are read from the beginning at a start, and small segments are compacted
     * soon.
     */
    public static final Map<String, String> CONFIGS = Map.of(
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Integer.toString(16 << 20),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.3",
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(RecordLimits.LARGE_BYTES),
            // Kafka Streams stamps records that a timer writes with the machine's clock, which may be a day ahead.
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            "LogAppendTime");

    private Changelogs() {}

    /** Returns the topic that holds all changes of a store, by the same keys. */
    public static String name(String applicationId, String store) {
        return applicationId + "-" + store + SUFFIX;
    }

    /** Returns whether the topic holds a store of one of gpuctl's applications. */
    public static boolean isOurs(String topic) {
        return topic.startsWith(PREFIX) && topic.endsWith(SUFFIX);
    }
}
