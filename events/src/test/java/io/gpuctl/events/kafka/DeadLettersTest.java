package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    @Test
    void isTheRecordAsItWasWithItsOriginAndCause() {
        var letter = DeadLetters.record(
                bad(bytes("key"), bytes("garbage"), new RecordHeaders()), new IllegalStateException("no JSON"));

        assertThat(letter.topic()).isEqualTo("dead-letters");
        assertThat(letter.key()).isEqualTo(bytes("key"));
        assertThat(letter.value()).isEqualTo(bytes("garbage"));
        assertThat(header(letter, DeadLetters.EXCEPTION_HEADER)).isEqualTo("java.lang.IllegalStateException");
        assertThat(header(letter, DeadLetters.MESSAGE_HEADER)).isEqualTo("no JSON");
        assertThat(header(letter, DeadLetters.TOPIC_HEADER)).isEqualTo("task-reports");
        assertThat(header(letter, DeadLetters.PARTITION_HEADER)).isEqualTo("2");
        assertThat(header(letter, DeadLetters.OFFSET_HEADER)).isEqualTo("99");
        assertThat(header(letter, DeadLetters.TIMESTAMP_HEADER)).isEqualTo("-7");
        assertThat(letter.headers()).hasSize(6);
    }

    @Test
    void cutsWhatIsLongToItsBeginningAndItsEnd() throws Exception {
        byte[] key = random(5_000);
        byte[] value = random(30 << 20);

        var letter = DeadLetters.record(bad(key, value, new RecordHeaders()), new IllegalStateException("no JSON"));

        int half = DeadLetters.VALUE_BYTES_MAX / 2;
        assertThat(letter.value()).hasSize(2 * half);
        assertThat(letter.value()).startsWith(Arrays.copyOf(value, half));
        assertThat(letter.value()).endsWith(Arrays.copyOfRange(value, value.length - half, value.length));
        assertThat(header(letter, "gpuctl.value.length")).isEqualTo(Integer.toString(30 << 20));
        assertThat(header(letter, "gpuctl.value.sha256")).isEqualTo(sha256(value));
        assertThat(letter.key()).hasSize(DeadLetters.KEY_BYTES_MAX);
        assertThat(header(letter, "gpuctl.key.length")).isEqualTo("5000");
        assertThat(header(letter, "gpuctl.key.sha256")).isEqualTo(sha256(key));
    }

    @Test
    void takesNeitherKeyNorValueNorMessageForGiven() {
        var letter = DeadLetters.record(bad(null, null, new RecordHeaders()), new IllegalStateException());

        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isNull();
        assertThat(header(letter, DeadLetters.MESSAGE_HEADER)).isEqualTo("null");
    }

    @Test
    void staysSmallWhateverTheRecordIsLike() {
        var headers = new RecordHeaders();
        for (int i = 0; i < 10_000; i++) {
            headers.add("header-" + i, random(100));
        }

        var letter = DeadLetters.record(
                bad(random(1 << 20), random(1 << 20), headers), new IllegalStateException("x".repeat(1 << 20)));

        assertThat(header(letter, DeadLetters.HEADERS_HEADER)).isEqualTo("10000");
        int bytes = letter.key().length + letter.value().length;
        for (Header header : letter.headers()) {
            bytes += header.key().length() + header.value().length;
        }
        assertThat(bytes).isLessThan(20 << 10);
    }

    private static ConsumerRecord<byte[], byte[]> bad(byte[] key, byte[] value, RecordHeaders headers) {
        return new ConsumerRecord<>(
                "task-reports", 2, 99, -7, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static String header(ProducerRecord<?, ?> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
