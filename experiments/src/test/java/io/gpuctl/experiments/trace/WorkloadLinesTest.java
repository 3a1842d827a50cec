package io.gpuctl.experiments.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.experiments.trace.ReadingNotes.FieldWithoutCounterpart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadLinesTest {

    private static final String HEADER = "{\"format\":\"gpuctl-workload\",\"version\":1,\"name\":\"mine\"}\n";

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("workload.jsonl"), content);
    }

    /** Writes a file, with quotation marks in place of apostrophes. */
    private Path json(String content) throws IOException {
        return file(content.replace('\'', '"'));
    }

    /** Files that were once written must stay readable. */
    @Test
    void readsAllOfATask() throws Exception {
        var workload = WorkloadFile.read(file(HEADER + """
                {"at_ms":1001,"task":{"task_id":"task_001","pool":"research","user":"ada","priority":"high",\
                "gpus":{"count":1,"milli":500,"memory_mib":16384},"cpu_milli":4000,"memory_mib":8192,\
                "gpu_models":["A100-SXM4-80GB","H100"],"max_attempts":5,\
                "work":{"duration_ms":60000,"utilization":0.8,"exit_code":3}}}
                """));

        assertThat(workload.name()).isEqualTo("mine");
        assertThat(workload.notes()).isEqualTo(ReadingNotes.NONE);
        assertThat(workload.arrivals())
                .containsExactly(new Arrival(
                        1_001,
                        new TaskSpec(
                                new TaskId("task_001"),
                                new PoolId("research"),
                                "ada",
                                Priority.HIGH,
                                GpuRequest.share(500, 16_384),
                                4_000,
                                8_192,
                                List.of("A100-SXM4-80GB", "H100"),
                                5,
                                new Work(60_000, 0.8, 3))));
    }

    @Test
    void needsNoHeaderAndNoMoreThanAnIdGpusAndADuration() throws Exception {
        var workload = WorkloadFile.read(json("""
                {'at_ms':5,'task':{'task_id':'b','gpus':{'count':2,'milli':1000},'work':{'duration_ms':7}}}

                {'at_ms':0,'task':{'task_id':'a','gpus':{'count':0},'work':{'duration_ms':7}}}
                """));

        assertThat(workload.name()).isEqualTo("workload.jsonl");
        assertThat(workload.arrivals())
                .containsExactly(
                        new Arrival(0, TaskSpec.of(new TaskId("a"), GpuRequest.NONE, Work.lasting(7))),
                        new Arrival(5, TaskSpec.of(new TaskId("b"), GpuRequest.whole(2, 0), Work.lasting(7))));
    }

    @Test
    void tellsWhichFieldsItDoesNotKnow() throws Exception {
        var workload = WorkloadFile.read(json("""
                {'format':'gpuctl-workload','version':1,'author':'ada'}
                {'at_ms':0,'note':1,'task':{'task_id':'a','gpus':{'count':0},'work':{'duration_ms':7}}}
                {'at_ms':0,'note':1,'task':{'task_id':'b','gpus':{'count':0,'kind':'x'},'work':{'duration_ms':7}}}
                """));

        assertThat(workload.notes().fieldsWithoutCounterpart())
                .containsExactly(
                        new FieldWithoutCounterpart("author (header)", 1, "the format does not define this field"),
                        new FieldWithoutCounterpart("note", 2, "the format does not define this field"),
                        new FieldWithoutCounterpart("task.gpus.kind", 1, "the format does not define this field"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'at_ms':0|is not JSON, column 11: it ends too early",
                "[1]|must be a JSON object",
                "{'at_ms':0,'at_ms':1}|is not JSON, column 20: Duplicate field 'at_ms'",
                "{'at_ms':0} {}|is not JSON, column 13: more follows the first value",
                "{'task':{}}|at_ms is missing, but must be a whole number, 0 or more",
                "{'at_ms':1e-100000000}|at_ms is 1e-100000000, but must be a number of at most 100 digits",
                "{'at_ms':1,'x':{'y':[1e99999999999]}}|x.y[0] is 1e99999999999, but must be a number of at most 100 digits",
                "{'at_ms':1,'task':{'user':'cut \\ud83d'}}|task.user is cut \\ud83d, but must be text without control characters",
                "{'at_ms':-1,'task':{}}|at_ms is -1, but must be a whole number, 0 or more",
                "{'at_ms':1.5,'task':{}}|at_ms is 1.5, but must be a whole number, 0 or more",
                "{'at_ms':'1','task':{}}|at_ms is \"1\", but must be a whole number, 0 or more",
                "{'at_ms':1}|task is missing, but must be an object",
                "{'at_ms':1,'task':{'gpus':{'count':0},'work':{'duration_ms':7}}}|task.task_id is missing, but must be present",
                "{'at_ms':1,'task':{'task_id':'-','gpus':{'count':0},'work':{'duration_ms':7}}}|task.task_id is '-', but must be 1 to 128",
                "{'at_ms':1,'task':{'task_id':'b','gpus':{'count':0},'work':{}}}|task.work.duration_ms is missing, but must be a whole number",
                "{'at_ms':1,'task':{'task_id':'b','gpus':{'count':0},'work':{'duration_ms':1,'checkpoint_interval_ms':999}}}|task.work.checkpoint_interval_ms is 999, but must be 0, or a number from 1000 to 315360000000",
                "{'at_ms':1,'task':{'task_id':'b','gpus':{'count':0}}}|task.work is missing, but must be present",
                "{'at_ms':1,'task':{'task_id':'b','gpus':{'count':1,'milli':1001},'work':{'duration_ms':7}}}|task.gpus.milli is 1001, but must be a number from 1 to 1000",
                "{'at_ms':1,'task':{'task_id':'b','gpus':{'count':'one'},'work':{'duration_ms':7}}}|task.gpus.count is \"one\", but must be a whole number",
                "{'at_ms':1,'task':{'task_id':'b','gpus':{'count':1.5},'work':{'duration_ms':7}}}|task.gpus.count is 1.5, but must be a whole number",
                "{'at_ms':1,'task':{'task_id':'b','gpus':7,'work':{'duration_ms':7}}}|task.gpus is 7, but must be an object",
                "{'at_ms':1,'task':{'task_id':'b','priority':'urgent','gpus':{'count':0},'work':{'duration_ms':7}}}|task.priority is \"urgent\", but must be one of low, normal, high",
                "{'at_ms':1,'task':{'task_id':'b','gpu_models':'T4','gpus':{'count':0},'work':{'duration_ms':7}}}|task.gpu_models is \"T4\", but must be a list",
                "{'at_ms':1,'task':{'task_id':7,'gpus':{'count':0},'work':{'duration_ms':7}}}|task.task_id is 7, but must be a text",
                "{'at_ms':1,'task':{'task_id':'a','gpus':{'count':0},'work':{'duration_ms':7}}}|the task_id a is already on line 2, but must be unique",
            })
    void namesTheLineThatIsWrong(String line, String problem) throws IOException {
        Path file = json(HEADER + "{'at_ms':0,'task':{'task_id':'a','gpus':{'count':0},'work':{'duration_ms':7}}}\n"
                + line + "\n");

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessageStartingWith("%s, line 3: %s".formatted(file, problem));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'format':'other','version':1}|format is \"other\", but must be \"gpuctl-workload\"",
                "{'format':'gpuctl-workload'}|version is missing, but must be 1",
                "{'format':'gpuctl-workload','version':2}|version is 2, but must be 1",
                "{'format':'gpuctl-workload','version':1,'notes':7}|notes is 7, but must be an object",
            })
    void saysWhatIsWrongWithTheHeader(String header, String problem) throws IOException {
        Path file = json(header + "\n");

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessage("%s, line 1: %s", file, problem);
    }
}
