package io.gpuctl.experiments.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.events.form.TaskField;
import io.gpuctl.events.form.TaskForm;
import io.gpuctl.events.kafka.EventJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that the table of task fields in docs/workload-format.md matches the format. */
class WorkloadFormatPageTest {

    private static final Path PAGE = Path.of("../docs/workload-format.md");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z_.]+)` \\| ([^|]+) \\|.*");

    @TempDir
    private Path directory;

    /** Returns the page's default of each field, by the field's place. */
    private static Map<String, String> rows() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.startsWith("| field of `task` |"))
                .takeWhile(line -> line.startsWith("|"))
                .map(ROW::matcher)
                .filter(row -> row.matches())
                .forEach(row -> rows.put(row.group(1), row.group(2)));
        return rows;
    }

    @Test
    void theTableHasEveryField() throws IOException {
        assertThat(rows().keySet())
                .containsExactlyInAnyOrderElementsOf(TaskForm.OF_TASK.stream()
                        .flatMap(field -> field.places().stream())
                        .toList());
    }

    @Test
    void theTableTellsTheDefaultOfEveryField() throws Exception {
        Path file = Files.writeString(
                directory.resolve("workload.jsonl"),
                "{\"at_ms\":0,\"task\":{\"task_id\":\"a\",\"gpus\":{},\"work\":{\"duration_ms\":1}}}");
        var task = WorkloadFile.read(file).arrivals().getFirst().task();

        Map<String, String> rows = rows();
        for (TaskField<?> field : TaskForm.OF_TASK) {
            for (String place : field.places()) {
                String told = rows.getOrDefault(place, "nothing");
                if (!told.equals("needed")) {
                    assertThat(told.replace("`", "")).as(place).isEqualTo(word(field.of(task)));
                }
            }
        }
    }

    private static String word(Object value) {
        return value instanceof List<?> list && list.isEmpty()
                ? "any"
                : EventJson.mapper().convertValue(value, JsonNode.class).asText();
    }
}
