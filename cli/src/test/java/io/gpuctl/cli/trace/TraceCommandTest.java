package io.gpuctl.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.gpuctl.cli.CommandRun;
import io.gpuctl.experiments.trace.WorkloadFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceCommandTest {

    @TempDir
    private Path directory;

    private Path trace;

    @BeforeEach
    void writeTrace() throws IOException {
        trace = Files.writeString(directory.resolve("pods.csv"), """
                name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time
                late,1,1,8,1000,,BE,Running,100,400,100
                share,1,1,1,500,,,Running,10,20,10
                none,1,1,0,0,,BE,Running,10,110,10
                one,1,1,1,1000,,BE,Running,10,30,10
                """);
    }

    @Test
    void infoSaysWhatIsInIt() {
        var run = CommandRun.local("trace", "info", trace.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("Format:       openb\n", "Tasks:        4\n", "Users:        1\n", "Span:         1m 30s\n")
                .contains("Durations:    p50 20s, p95 5m, max 5m\n")
                .contains("GPUs asked:   9.5 in all, at most 8 by a task; 1 tasks ask for a share, 1 for none\n")
                .contains("qos                           3  a task has no class of service");
    }

    @Test
    void infoSaysWhenTheFirstTaskComes() throws IOException {
        Path log = Files.writeString(
                directory.resolve("log.swf"), "0 1356996147 0 60 4 -1 -1 4 200 -1 1 62 1 -1 1 -1 -1 -1\n");

        assertThat(CommandRun.local("trace", "info", trace.toString()).out())
                .contains("First task:   10s (10 s) after the file's time 0; gpuctl up begins with it\n");
        assertThat(CommandRun.local("trace", "info", log.toString()).out())
                .contains("(1356996147 s) after the file's time 0, which is 2012-12-31T23:22:27Z if that is 1970");
        assertThat(CommandRun.local("trace", "info", log.toString(), "-o", "json")
                        .out())
                .contains("\"offset_ms\" : 1356996147000");
    }

    @Test
    void infoSkipsBadRowsIfItIsTo() throws IOException {
        Files.writeString(trace, "broken,1,1\n", StandardOpenOption.APPEND);

        var run = CommandRun.local("trace", "info", trace.toString(), "--skip-bad-rows");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("left out: 1 row, they cannot be read\n          line 6: has 3 values, but the header");
    }

    @Test
    void infoIsForProgramsToo() throws Exception {
        var json = new JsonMapper()
                .readTree(CommandRun.local("trace", "info", trace.toString(), "-o", "json")
                        .out());
        var yaml = new YAMLMapper()
                .readTree(CommandRun.local("trace", "info", trace.toString(), "-o", "yaml")
                        .out());

        assertThat(json.at("/tasks").asInt()).isEqualTo(4);
        assertThat(json.at("/duration_ms/p50").asLong()).isEqualTo(20_000);
        assertThat(json.at("/gpus/milli_total").asLong()).isEqualTo(9_500);
        assertThat(json.at("/fields_without_counterpart/0/field").asText()).isEqualTo("qos");
        assertThat(yaml).isEqualTo(json);
    }

    @Test
    void convertWritesTheSameWorkload() throws Exception {
        Path converted = directory.resolve("pods.jsonl.gz");

        var run = CommandRun.local("trace", "convert", trace.toString(), "-o", converted.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("%s: 4 tasks of %s (openb)\n".formatted(converted, trace))
                .contains("pod_phase");
        assertThat(WorkloadFile.read(converted).arrivals())
                .isEqualTo(WorkloadFile.read(trace).arrivals());
    }

    @Test
    void whatIsWrongIsOneLineAndNothingIsWritten() throws IOException {
        Files.writeString(trace, "broken,1,1\n", StandardOpenOption.APPEND);
        Path converted = directory.resolve("pods.jsonl");

        var run = CommandRun.local("trace", "convert", trace.toString(), "-o", converted.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("gpuctl: %s, line 6: has 3 values, but the header names 11 columns\n".formatted(trace));
        assertThat(directory.toFile().list()).containsExactly("pods.csv");
    }

    @Test
    void whereItCannotWriteItSaysSo() {
        var run = CommandRun.local("trace", "convert", trace.toString(), "-o", directory.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToNormalizingNewlines(
                        "gpuctl: %s cannot be written: it is not a regular file\n".formatted(directory));
    }

    @Test
    void refusesAFormatThatItDoesNotKnow() {
        var run = CommandRun.local("trace", "info", trace.toString(), "--format", "xml");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--format", "SWF", "but was 'xml'");
    }
}
