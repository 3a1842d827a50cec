package io.gpuctl.events.kafka;

import io.gpuctl.events.logging.LogFields;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Wraps a record that could not be read for {@code dead-letters}: the original key and value, and the cause in headers.
 * A key or value that is too long is cut to its beginning and its end. The headers then have its length and checksum,
 * and the topic, partition and offset of the whole record. A dead letter therefore always fits.
 *
 * <p>The headers have the same names as in the dead-letter queue of Kafka Streams, so that readers see one form.
 * Headers that Kafka Streams lacks have gpuctl's names.
 */
public final class DeadLetters {
    public static final String EXCEPTION_HEADER = "__streams.errors.exception";
    public static final String MESSAGE_HEADER = "__streams.errors.message";
    public static final String TOPIC_HEADER = "__streams.errors.topic";
    public static final String PARTITION_HEADER = "__streams.errors.partition";
    public static final String OFFSET_HEADER = "__streams.errors.offset";

    /** The record's own time, ms. */
    public static final String TIMESTAMP_HEADER = "gpuctl.timestamp";

    /** The number of headers that the record had, if any; the headers themselves are not repeated. */
    public static final String HEADERS_HEADER = "gpuctl.headers";

    /** The original length of a cut key or value, bytes; followed by {@link #SHA_256}. */
    public static final String LENGTH = ".length";

    /** The SHA-256 checksum of the original of a cut key or value, in hexadecimal. */
    public static final String SHA_256 = ".sha256";

    /** The prefix of the headers about a cut value. */
    public static final String VALUE_CUT = "gpuctl.value";

    /** The prefix of the headers about a cut key. */
    public static final String KEY_CUT = "gpuctl.key";

    /** Bytes of a value that are kept: half of it from the beginning, half from the end. */
    public static final int VALUE_BYTES_MAX = 16 << 10;

    /** Bytes of a key that are kept. */
    public static final int KEY_BYTES_MAX = 1 << 10;

    private static final int LINES_PER_MINUTE = 100;
    private static final LogBudget LINES = new LogBudget(LINES_PER_MINUTE);

    /** The number of records that this process left out, by topic. */
    private static final Map<String, LongAdder> COUNTS = new ConcurrentHashMap<>();

    private DeadLetters() {}

    /**
     * Returns the dead letter for a record that is left out, and logs a line about the record. A process logs at most
     * {@value #LINES_PER_MINUTE} such lines a minute, so that a flood of garbage does not become a flood of logs. The
     * line has no stack trace, which would be the same each time. May be called from any thread.
     */
    public static ProducerRecord<byte @Nullable [], byte @Nullable []> logged(
            Logger log, ConsumerRecord<byte @Nullable [], byte @Nullable []> record, Exception cause) {
        COUNTS.computeIfAbsent(record.topic(), _ -> new LongAdder()).increment();
        OptionalLong unsaid = LINES.take(System.nanoTime());
        if (unsaid.isPresent()) {
            try (var _ = LogFields.ofRecord(record.topic(), record.partition(), record.offset())) {
                log.warn(
                        "Skipped the record of {}-{} at offset {}, see {}: {}{}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        Topics.DEAD_LETTERS.name(),
                        message(cause),
                        unsaid.getAsLong() == 0
                                ? ""
                                : " (%d more were skipped before this record)".formatted(unsaid.getAsLong()));
            }
        }
        return record(record, cause);
    }

    /**
     * Reports how many records of each topic this process has left out: a
     * {@link io.gpuctl.events.metrics.MetricSource}.
     */
    public static void collect(MetricSink sink) {
        Map<String, Long> counts = new TreeMap<>();
        Topics.ALL.forEach(topic -> counts.put(topic.name(), 0L));
        counts.remove(Topics.DEAD_LETTERS.name()); // No service reads it.
        COUNTS.forEach((topic, count) -> counts.put(topic, count.sum()));
        counts.forEach((topic, count) -> sink.sample(Metric.DEAD_LETTERS, count, topic));
    }

    static ProducerRecord<byte @Nullable [], byte @Nullable []> record(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> bad, Exception cause) {
        ProducerRecord<byte @Nullable [], byte @Nullable []> letter = new ProducerRecord<>(
                Topics.DEAD_LETTERS.name(), cut(bad.key(), KEY_BYTES_MAX), cut(bad.value(), VALUE_BYTES_MAX));
        header(letter, EXCEPTION_HEADER, cause.getClass().getName());
        header(letter, MESSAGE_HEADER, message(cause));
        header(letter, TOPIC_HEADER, bad.topic());
        header(letter, PARTITION_HEADER, Integer.toString(bad.partition()));
        header(letter, OFFSET_HEADER, Long.toString(bad.offset()));
        header(letter, TIMESTAMP_HEADER, Long.toString(bad.timestamp()));
        describeCut(letter, KEY_CUT, bad.key(), KEY_BYTES_MAX);
        describeCut(letter, VALUE_CUT, bad.value(), VALUE_BYTES_MAX);
        int headers = count(bad.headers());
        if (headers > 0) {
            header(letter, HEADERS_HEADER, Integer.toString(headers));
        }
        return letter;
    }

    /** Returns the message of the failure, cut, because it may quote the record. */
    private static String message(Exception cause) {
        return FailureText.shortened(String.valueOf(cause.getMessage()));
    }

    private static byte @Nullable [] cut(byte @Nullable [] bytes, int max) {
        if (bytes == null || bytes.length <= max) {
            return bytes;
        }
        byte[] kept = new byte[max];
        System.arraycopy(bytes, 0, kept, 0, max / 2);
        System.arraycopy(bytes, bytes.length - max / 2, kept, max / 2, max / 2);
        return kept;
    }

    private static void describeCut(ProducerRecord<?, ?> letter, String what, byte @Nullable [] bytes, int max) {
        if (bytes != null && bytes.length > max) {
            header(letter, what + LENGTH, Integer.toString(bytes.length));
            header(letter, what + SHA_256, HexFormat.of().formatHex(sha256(bytes)));
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("Every Java has SHA-256", e);
        }
    }

    private static int count(Iterable<Header> headers) {
        int count = 0;
        for (Header _ : headers) {
            count++;
        }
        return count;
    }

    private static void header(ProducerRecord<?, ?> letter, String name, String value) {
        letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
