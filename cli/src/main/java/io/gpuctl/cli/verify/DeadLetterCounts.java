package io.gpuctl.cli.verify;

import io.gpuctl.audit.rules.Place;
import io.gpuctl.events.kafka.DeadLetters;
import io.gpuctl.events.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Counts dead letters by their original topic and the exception that they caused. */
final class DeadLetterCounts {
    /** Any client may write to the topic: causes beyond this number are counted as one. */
    private static final int CAUSES_MAX = 100;

    /** About 100 MB. Beyond this number, refused reports of a task's end look like lost ones. */
    private static final int PLACES_MAX = 1_000_000;

    private static final String OTHERS = "others";

    private final SortedMap<String, Long> byCause = new TreeMap<>();
    private final Set<Place> refused = new HashSet<>();

    void add(ConsumerRecord<byte @Nullable [], byte @Nullable []> letter) {
        String exception = header(letter, DeadLetters.EXCEPTION_HEADER);
        String cause = "%s: %s"
                .formatted(
                        header(letter, DeadLetters.TOPIC_HEADER), exception.substring(exception.lastIndexOf('.') + 1));
        boolean isCounted = byCause.containsKey(cause) || byCause.size() < CAUSES_MAX;
        if (refused.size() < PLACES_MAX) {
            place(letter)
                    .filter(place -> place.topic().equals(Topics.TASK_REPORTS.name()))
                    .ifPresent(refused::add);
        }
        byCause.merge(isCounted ? cause : OTHERS, 1L, Long::sum);
    }

    /**
     * Returns the original place of the record. Any client may write to the topic, so letters in any other format are
     * ignored.
     */
    private static Optional<Place> place(ConsumerRecord<byte @Nullable [], byte @Nullable []> letter) {
        try {
            return Optional.of(new Place(
                    header(letter, DeadLetters.TOPIC_HEADER),
                    Integer.parseInt(header(letter, DeadLetters.PARTITION_HEADER)),
                    Long.parseLong(header(letter, DeadLetters.OFFSET_HEADER))));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** Returns the original places of refused reports. */
    Set<Place> refusedReports() {
        return Collections.unmodifiableSet(refused);
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
