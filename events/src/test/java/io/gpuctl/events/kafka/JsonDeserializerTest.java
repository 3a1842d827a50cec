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
