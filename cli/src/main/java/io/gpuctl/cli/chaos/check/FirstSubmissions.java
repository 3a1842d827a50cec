package io.gpuctl.cli.chaos.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads which submission of a task id is the first in the log: the one that owns the id. */
public final class FirstSubmissions {
    private static final String COMMANDS = "task-commands";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, JsonNode> tasks = new HashMap<>();

    private FirstSubmissions() {}

    /**
     * Returns the task of the first submission of each id, as it was written. If an id was submitted to several pools,
     * returns any of its submissions.
     *
     * @param clientSettings {@code bootstrap.servers}, and the settings that a Kafka client needs to connect
     * @throws CheckFailedException if the topic cannot be read
     */
    public static Map<String, JsonNode> read(Map<String, Object> clientSettings) {
        var first = new FirstSubmissions();
        try (TopicReader reader = new TopicReader(clientSettings)) {
            reader.settledEnds(reader.partitions(COMMANDS))
                    .forEach((partition, end) -> reader.read(partition, end, first::add));
        }
        return first.tasks;
    }

    private void add(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        byte[] value = record.value();
        if (value == null) {
            return;
        }
        try {
            JsonNode command = JSON.readTree(value);
            if (command.path("type").asText().equals("submit_task")) {
                tasks.putIfAbsent(command.at("/task/task_id").asText(), command.path("task"));
            }
        } catch (IOException _) {
            // Not a command: no reader accepts it. The dead letters report it.
        }
    }
}
