package io.gpuctl.cli.verify;

import io.gpuctl.events.kafka.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Dead letters by the topic that they came from and the exception that they caused. */
final class DeadLetterCounts {
    /** Anybody may write to the topic: more causes than these are counted as one. */
    private static final int CAUSES_MAX = 100;

    private static final String OTHERS = "others";

    private final SortedMap<String, Long> byCause = new TreeMap<>();

    void add(ConsumerRecord<byte @Nullable [], byte @Nullable []> letter) {
        String exception = header(letter, DeadLetters.EXCEPTION_HEADER);
        String cause = "%s: %s"
                .formatted(
                        header(letter, DeadLetters.TOPIC_HEADER), exception.substring(exception.lastIndexOf('.') + 1));
        boolean isCounted = byCause.containsKey(cause) || byCause.size() < CAUSES_MAX;
        byCause.merge(isCounted ? cause : OTHERS, 1L, Long::sum);
    }

    private static String header(ConsumerRecord<byte @Nullable [], byte @Nullable []> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null || header.value() == null
                ? "unknown"
                : new String(header.value(), StandardCharsets.UTF_8);
    }

    SortedMap<String, Long> byCause() {
        return Collections.unmodifiableSortedMap(byCause);
    }
}
