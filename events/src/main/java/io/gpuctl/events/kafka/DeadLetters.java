package io.gpuctl.events.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Wraps a record that could not be read for {@code dead-letters}: key and value as they were, the cause in headers. The
 * headers have the names that Kafka Streams' own dead-letter queue gives them, so that a reader knows one form.
 */
public final class DeadLetters {
    public static final String EXCEPTION_HEADER = "__streams.errors.exception";
    public static final String MESSAGE_HEADER = "__streams.errors.message";
    public static final String TOPIC_HEADER = "__streams.errors.topic";
    public static final String PARTITION_HEADER = "__streams.errors.partition";
    public static final String OFFSET_HEADER = "__streams.errors.offset";

    /** A message may quote the bad record, which would then be in the letter twice, and make it too large for Kafka. */
    private static final int MESSAGE_CHARACTERS_MAX = 1024;

    private DeadLetters() {}

    public static ProducerRecord<byte @Nullable [], byte @Nullable []> record(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> bad, Exception cause) {
        ProducerRecord<byte @Nullable [], byte @Nullable []> letter =
                new ProducerRecord<>(Topics.DEAD_LETTERS.name(), bad.key(), bad.value());
        header(letter, EXCEPTION_HEADER, cause.getClass().getName());
        header(letter, MESSAGE_HEADER, shortened(String.valueOf(cause.getMessage())));
        header(letter, TOPIC_HEADER, bad.topic());
        header(letter, PARTITION_HEADER, Integer.toString(bad.partition()));
        header(letter, OFFSET_HEADER, Long.toString(bad.offset()));
        return letter;
    }

    private static String shortened(String message) {
        return message.length() <= MESSAGE_CHARACTERS_MAX
                ? message
                : message.substring(0, MESSAGE_CHARACTERS_MAX) + "...";
    }

    private static void header(ProducerRecord<?, ?> letter, String name, String value) {
        letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
