package io.gpuctl.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.CommandRun;
import io.gpuctl.cli.StubApi;
import io.gpuctl.cli.StubApi.Answer;
import io.gpuctl.events.form.TaskField;
import io.gpuctl.events.form.TaskForm;
import io.gpuctl.events.kafka.EventJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Each field of a submission has an option, whose help shows the same default. */
class SubmitCommandTest {

    private static final List<Option> OPTIONS = List.of(
            new Option("--id", "t1", TaskForm.TASK_ID, "\"t1\""),
            new Option("--gpus", "0.5", TaskForm.GPUS, "0.5"),
            new Option("--max-nodes", "2", TaskForm.MAX_NODES, "2"),
            new Option("--memory", "40GiB", TaskForm.GPU_MEMORY_MIB, "40960"),
            new Option("--cpu", "500m", TaskForm.CPU_MILLI, "500"),
            new Option("--host-memory", "1GiB", TaskForm.MEMORY_MIB, "1024"),
            new Option("--duration", "30s", TaskForm.DURATION_MS, "30000"),
            new Option("--priority", "high", TaskForm.PRIORITY, "\"high\""),
            new Option("--user", "ann", TaskForm.USER, "\"ann\""),
            new Option("--pool", "p", TaskForm.POOL, "\"p\""),
            new Option("--gpu-model", "T4,V100", TaskForm.GPU_MODELS, "[\"T4\",\"V100\"]"),
            new Option("--allow-unknown", "true", TaskForm.ALLOW_UNKNOWN, "true"),
            new Option("--max-attempts", "4", TaskForm.MAX_ATTEMPTS, "4"),
            new Option("--utilization", "0.5", TaskForm.UTILIZATION, "0.5"),
            new Option("--exit-code", "1", TaskForm.EXIT_CODE, "1"),
            new Option("--profile", "notebook", TaskForm.PROFILE, "\"notebook\""),
            new Option("--checkpoint-interval", "10m", TaskForm.CHECKPOINT_INTERVAL, "600.000"),
            new Option("--checkpoint-cost", "20s", TaskForm.CHECKPOINT_COST, "20.000"));

    /** Fields that the command line never sends: it sends another field with other units. */
    private static final List<TaskField<?>> SENT_OTHERWISE = List.of(TaskForm.MEMORY_REQUIRED, TaskForm.DURATION);

    /** Fields whose defaults the help shows as in the form. */
    private static final List<TaskField<?>> DEFAULTS_TOLD = List.of(
            TaskForm.GPUS,
            TaskForm.MAX_NODES,
            TaskForm.PRIORITY,
            TaskForm.POOL,
            TaskForm.MAX_ATTEMPTS,
            TaskForm.UTILIZATION,
            TaskForm.EXIT_CODE,
            TaskForm.PROFILE);

    /** An option with a value, and the value that is sent. */
    record Option(String name, String value, TaskField<?> field, String sent) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Option> options() {
        return OPTIONS;
    }

    @ParameterizedTest
    @MethodSource("options")
    void anOptionSetsItsFieldAndNoOther(Option option) throws Exception {
        try (var api = new StubApi().on("POST /tasks", Answer.of(201, "{\"task_id\":\"t\",\"state\":\"queued\"}"))) {
            var run = CommandRun.of(api.address(), "submit", option.name + "=" + option.value);

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(api.requests())
                    .containsExactly("POST /tasks {\"%s\":%s}".formatted(option.field.name(), option.sent));
        }
    }

    @Test
    void everyFieldHasAnOption() {
        assertThat(TaskForm.OF_SUBMISSION)
                .filteredOn(field -> !SENT_OTHERWISE.contains(field))
                .extracting(TaskField::name)
                .containsExactlyInAnyOrderElementsOf(
                        OPTIONS.stream().map(option -> option.field.name()).toList());
    }

    @Test
    void theHelpTellsTheDefaultsOfTheForm() {
        for (TaskField<?> field : DEFAULTS_TOLD) {
            assertThat(help(field)).contains("(default: %s)".formatted(word(field)));
        }
        assertThat(help(TaskForm.DURATION_MS))
                .contains("(default: %ss)".formatted(TaskForm.DURATION.absent().orElseThrow()));
    }

    private static String word(TaskField<?> field) {
        return EventJson.mapper()
                .convertValue(field.absent().orElseThrow(), JsonNode.class)
                .asText();
    }

    private static String help(TaskField<?> field) {
        String option = OPTIONS.stream()
                .filter(candidate -> candidate.field.equals(field))
                .findFirst()
                .orElseThrow()
                .name;
        return String.join(
                " ",
                new CommandLine(new SubmitCommand())
                        .getCommandSpec()
                        .findOption(option)
                        .description());
    }
}
