package io.gpuctl.audit.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordLineTest {

    /** The nesting that Jackson reads by default; within a line, the value is one level deeper. */
    private static final int NESTING_MAX = 1_000;

    private static RawRecord record(byte @Nullable [] value) {
        return new RawRecord(3, 12, 1_767_225_600_000L, "task_001".getBytes(UTF_8), List.of(), value);
    }

    private static String line(byte @Nullable [] value) {
        return new String(RecordLine.encode(record(value), "0123abcd"), UTF_8);
    }

    private static RawRecord decode(String line) throws LineFormatException {
        return RecordLine.decode(line.getBytes(UTF_8)).record();
    }

    @Test
    void embedsAnObjectAsItIs() {
        assertThat(line("{\"b\" : 1.50,\"a\":[\"\\u00e9é\"], \"b\":2}".getBytes(UTF_8)))
                .isEqualTo("{\"partition\":3,\"offset\":12,\"timestamp_ms\":1767225600000,\"key\":\"task_001\","
                        + "\"value\":{\"b\" : 1.50,\"a\":[\"\\u00e9é\"], \"b\":2},\"crc32c\":\"0123abcd\"}");
    }

    @Test
    void leavesOutWhatIsNull() {
        byte[] line = RecordLine.encode(new RawRecord(0, 0, 0, null, List.of(), null), "0123abcd");

        assertThat(new String(line, UTF_8))
                .isEqualTo("{\"partition\":0,\"offset\":0,\"timestamp_ms\":0,\"crc32c\":\"0123abcd\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "42",
                "\"text\"",
                "[1]",
                "garbage",
                "{",
                "{}x",
                "{\"a\":1}{\"b\":2}",
                "{\"a\":1},\"offset\":7,\"x\":{\"b\":2}",
                "{\"a\":1},\"headers\":[],\"x\":{}",
                "{}}{",
                "{\"a\":\n1}",
                "{\"a\":1}\n",
                " {\"a\":1}",
                "{\"a\":1}}"
            })
    void putsAnythingElseIntoBase64(String value) throws Exception {
        String line = line(value.getBytes(UTF_8));

        assertThat(line).contains("\"value_base64\":\"").doesNotContain("\n");
        assertThat(decode(line).value()).isEqualTo(value.getBytes(UTF_8));
    }

    @Test
    void putsAnObjectThatIsNoUtf8IntoBase64() throws Exception {
        byte[] value = "{\"a\":\"é\"}".getBytes(ISO_8859_1);

        String line = line(value);

        assertThat(line).contains("value_base64");
        assertThat(decode(line).value()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(ints = {NESTING_MAX - 1, NESTING_MAX, NESTING_MAX + 1})
    void givesBackWhatIsNestedAboutAsDeepAsTheParserAllows(int depth) throws Exception {
        byte[] value = ("{\"a\":".repeat(depth) + "1" + "}".repeat(depth)).getBytes(UTF_8);

        assertThat(decode(line(value)).value()).isEqualTo(value);
    }

    @Test
    void keepsKeysAndHeadersOfAnyBytes() throws Exception {
        List<RawHeader> headers = List.of(
                new RawHeader("same", "ä\n\"\\\u0000".getBytes(UTF_8)),
                new RawHeader("same", new byte[] {(byte) 0xff, 0}),
                new RawHeader("", null),
                new RawHeader("empty", new byte[0]));
        RawRecord record = new RawRecord(0, Long.MAX_VALUE, Long.MAX_VALUE, new byte[] {(byte) 0xc0}, headers, null);

        RawRecord read =
                RecordLine.decode(RecordLine.encode(record, "0123abcd")).record();

        assertThat(read).usingRecursiveComparison().isEqualTo(record);
    }

    static Stream<Long> seeds() {
        return IntStream.range(0, 300).mapToObj(seed -> (long) seed);
    }

    /** Random combinations of JSON fragments: almost objects, and some objects. */
    @ParameterizedTest
    @MethodSource("seeds")
    void givesEveryByteBack(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> pieces = List.of(
                "{",
                "}",
                "{}",
                "\"a\":",
                "\"value\":",
                "1",
                ",",
                "\"\\n\"",
                "[",
                "]",
                "\n",
                "\u2028",
                "\uD83D\uDE00",
                " ",
                "\\");
        StringBuilder text = new StringBuilder("{");
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        byte[] value = text.append('}').toString().getBytes(UTF_8);
        List<RawHeader> headers = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            headers.add(new RawHeader("h" + i, text.toString().getBytes(random.nextBoolean() ? UTF_8 : ISO_8859_1)));
        }
        RawRecord record = new RawRecord(
                random.nextInt(1, 9), random.nextLong(1L << 60), random.nextLong(1L << 60), value, headers, value);

        byte[] line = RecordLine.encode(record, "0123abcd");

        assertThat(RecordLine.decode(line).record()).usingRecursiveComparison().isEqualTo(record);
        assertThat(line).doesNotContain('\n');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|expected a JSON object, {\"partition\": ..., but found nothing",
                "garbage|but found 'garbage'",
                "{\"partition\":0,\"offset\":1|not JSON, column",
                "{\"partition\":0,\"offset\":1}|expected a field \"timestamp_ms\"",
                "{\"partition\":0,\"offset\":-1,\"timestamp_ms\":1}|\"offset\" is -1: expected a number from 0",
                "{\"partition\":0,\"offset\":1.5,\"timestamp_ms\":1}|\"offset\": expected a whole number, but found 1.5",
                "{\"partition\":2147483648,\"offset\":1,\"timestamp_ms\":1}|expected a number from 0 to 2147483647",
                "{\"partition\":0,\"offset\":1,\"timestamp_ms\":1,\"offset\":1}|one field \"offset\", but there are two",
                "{\"partition\":0,\"offset\":1,\"timestamp_ms\":1,\"value\":{},\"value_base64\":\"\"}|one field \"value\"",
                "{\"partition\":0,\"offset\":1,\"timestamp_ms\":1,\"value\":1}|\"value\": expected an object, but found 1",
                "{\"partition\":0,\"offset\":1,\"timestamp_ms\":1,\"value_base64\":\"?\"}|expected base64",
                "{\"partition\":0,\"offset\":1,\"timestamp_ms\":1,\"key\":1}|\"key\": expected a string, but found 1",
                "{\"partition\":0,\"offset\":1,\"timestamp_ms\":1,\"topic\":\"x\"}|\"topic\" is unknown: expected partition",
                "{\"partition\":0,\"offset\":1,\"timestamp_ms\":1,\"headers\":{}}|expected an array",
                "{\"partition\":0,\"offset\":1,\"timestamp_ms\":1,\"headers\":[1]}|expected objects in it",
                "{\"partition\":0,\"offset\":1,\"timestamp_ms\":1,\"headers\":[{}]}|\"name\" in each header",
                "{\"partition\":0,\"offset\":1,\"timestamp_ms\":1,\"headers\":[{\"x\":\"\"}]}|\"x\" in a header is unknown",
                "{\"partition\":0,\"offset\":1,\"timestamp_ms\":1} {}|more follows"
            })
    void saysWhatIsWrongWithALine(String lineAndMessage) {
        int bar = lineAndMessage.indexOf('|');

        assertThatThrownBy(() -> decode(lineAndMessage.substring(0, bar)))
                .isInstanceOf(LineFormatException.class)
                .hasMessageContaining(lineAndMessage.substring(bar + 1));
    }
}
