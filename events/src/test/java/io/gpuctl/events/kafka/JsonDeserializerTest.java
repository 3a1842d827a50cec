package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.TaskCommand;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDeserializerTest {
    private static final String CANCEL = """
            {"type":"cancel_task","pool":"default","task_id":"t","at_ms":1}""";

    @Test
    void refusesANullValue() {
        assertThatThrownBy(() -> Topics.TASK_COMMANDS.deserializer().deserialize("task-commands", null))
                .isInstanceOf(SerializationException.class)
                .hasMessage("Not a TaskCommand: the value is null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "garbage",
                "\0\1\2",
                "[]",
                "{}",
                "7",
                "\"cancel_task\"",
                "{\"type\":\"cancel_task\"",
                "{\"type\":\"no_such_type\",\"pool\":\"default\",\"at_ms\":1}",
                "{\"type\":\"cancel_task\",\"pool\":\"default\",\"task_id\":\"t\",\"at_ms\":1} trailing",
                "{\"type\":\"cancel_task\",\"pool\":\"default\",\"task_id\":\"t\",\"at_ms\":\"1\"}",
                "{\"type\":\"cancel_task\",\"pool\":\"default\",\"task_id\":\"t\",\"at_ms\":1.5}",
                "{\"type\":\"cancel_task\",\"pool\":\"default\",\"task_id\":\"t\",\"at_ms\":1e30}",
                "{\"type\":\"cancel_task\",\"pool\":\"default\",\"task_id\":\"not an id\",\"at_ms\":1}",
                "{\"type\":\"cancel_task\",\"pool\":{\"value\":\"default\"},\"task_id\":\"t\",\"at_ms\":1}",
            })
    void refusesWhatIsNoSuchRecord(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("Not a TaskCommand: ");
    }

    @Test
    void refusesBytesThatAreNoText() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }

        assertThatThrownBy(() -> Topics.TASK_COMMANDS.deserializer().deserialize("task-commands", bytes))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void refusesNestingWithoutEnd() {
        assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(SerializationException.class);
    }

    /** A record that any client can write must not cost more than its reading. */
    @ParameterizedTest
    @ValueSource(strings = {"1e-100000000", "1e-2147483648", "1e99999999999", "LONG"})
    void refusesANumberThatCannotBeComputedWith(String number) {
        String written = number.equals("LONG") ? "9".repeat(500_000) : number;

        assertThatThrownBy(() -> read(CANCEL.replace(":1}", ":" + written + "}")))
                .isInstanceOf(SerializationException.class)
                .message()
                .hasSizeLessThan(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut \\ud83d", "a\\u0000", "a\\u001b[2J", "a\\u009b", "a\u009b", "a\u007f"})
    void refusesTextThatHasNoUtf8FormOrSteersATerminal(String user) {
        assertThatThrownBy(() -> read(submission(user)))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("Not a TaskCommand: line 1, column ")
                .hasMessageContaining("task.user is ")
                .hasMessageEndingWith("but must be text without control characters and unpaired surrogates");
    }

    @Test
    void refusesUtf8InAFormThatIsTooLong() {
        byte[] json = submission("??").getBytes(StandardCharsets.UTF_8);
        int place = submission("??").indexOf("??");
        json[place] = (byte) 0xc1;
        json[place + 1] = (byte) 0xa1;

        assertThatThrownBy(() -> Topics.TASK_COMMANDS.deserializer().deserialize("task-commands", json))
                .isInstanceOf(SerializationException.class)
                .hasMessage(
                        "Not a TaskCommand: line 1, column %d: the document is not UTF-8 (byte 0xc1), but must be UTF-8"
                                .formatted(place + 1));
    }

    @Test
    void takesTextOfAnyLanguage() {
        assertThat(read(submission("Zoë 李 \\ud83d\\ude00"))).isEqualTo(read(submission("Zoë 李 😀")));
    }

    /** Such a user name was once accepted: a log with the name stays readable. */
    @Test
    void readsAFactWhateverItsTexts() {
        String fact = """
                {"pool":"default","sequence":1,"at_ms":1,"cause":{"source":"task-commands","partition":0,"offset":0},"event":{"type":"task_submitted",\
                "task":{"task_id":"t","pool":"default","user":"cut \\ud83d","gpus":{"count":1,"milli":1000},"work":{"duration_ms":1,"utilization":1}}}}""";

        assertThat(Topics.CLUSTER_EVENTS
                        .deserializer()
                        .deserialize("cluster-events", fact.getBytes(StandardCharsets.UTF_8))
                        .toString())
                .contains("user=cut \ud83d");
    }

    private static String submission(String user) {
        return """
                {"type":"submit_task","task":{"task_id":"t","user":"%s","gpus":{"count":1,"milli":1000},"work":{"duration_ms":1,"utilization":1}},"at_ms":1}""".formatted(user);
    }

    @Test
    void readsTheTypeWhereverItStands() {
        TaskCommand command = read("{\"pool\":\"default\",\"task_id\":\"t\",\"at_ms\":1,\"type\":\"cancel_task\"}");

        assertThat(command).isEqualTo(read(CANCEL));
    }

    @Test
    void writesNullAsATombstone() {
        assertThat(Topics.NODE_CONDITIONS.serializer().serialize("node-conditions", null))
                .isNull();
    }

    private static TaskCommand read(String json) {
        return Topics.TASK_COMMANDS.deserializer().deserialize("task-commands", json.getBytes(StandardCharsets.UTF_8));
    }
}
