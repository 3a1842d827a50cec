package io.gpuctl.cli.gpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gpuctl.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpusCommandTest {

    @TempDir
    private Path directory;

    @Test
    void showsEachModelIdleAtHalfAndAtFullLoad() {
        var run = CommandRun.local("gpus");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().filter(line -> line.startsWith("H100-SXM5-80GB ")))
                .hasSize(3)
                .anyMatch(line -> line.contains(" 100 % ") && line.contains(" 700 ") && line.contains(" 1980 "));
        assertThat(run.out()).contains("gpu_idle").doesNotContain("slowdown");
    }

    @Test
    void showsWhatThrottlesInAWarmRoom() {
        assertThat(CommandRun.local("gpus", "--ambient", "45").out()).contains("sw_thermal_slowdown");
    }

    @Test
    void isForProgramsToo() throws IOException {
        JsonNode json =
                new JsonMapper().readTree(CommandRun.local("gpus", "-o", "json").out());

        JsonNode first = json.get(0);
        assertThat(first.at("/name").asText()).isEqualTo("P100");
        assertThat(first.at("/memory_mib").asLong())
                .as("what tasks may have")
                .isPositive()
                .isEqualTo(first.at("/total_memory_mib").asLong()
                        - first.at("/reserved_memory_mib").asLong());
        assertThat(first.at("/steady/2/power_watts").asDouble()).isEqualTo(250);
        assertThat(first.at("/steady/0/clock_event_reasons/0").asText()).isEqualTo("gpu_idle");
    }

    @Test
    void takesModelsFromAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("models.yaml"), "- name: Mine\n  same_as: T4\n");

        assertThat(CommandRun.local("gpus", "--gpu-models", file.toString()).out())
                .contains("\nMine ");
    }

    @Test
    void saysWhatIsWrongInAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("models.yaml"), "- name: Mine\n  same_as: T5\n");

        var run = CommandRun.local("gpus", "--gpu-models", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("models.yaml, line 2: same_as is 'T5', but must be one of P100, T4");
    }

    @Test
    void refusesARoomThatNoGpuEndures() {
        var run = CommandRun.local("gpus", "--ambient", "95");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--ambient: ");
    }

    @Test
    void drawsAStepOfLoad() throws IOException {
        Path file = directory.resolve("step.svg");

        var run = CommandRun.local("gpus", "--step", file.toString(), "--model", "T4", "--ambient", "40");

        assertThat(run.exitCode()).isZero();
        assertThat(Files.readString(file))
                .startsWith("<svg xmlns")
                .contains("T4", "Temperature, C", "max operating", "power limit")
                .endsWith("</svg>\n");
    }

    @Test
    void showsOneModelIfItIsAsked() {
        var run = CommandRun.local("gpus", "--model", "t4");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().skip(1)).hasSize(3).allMatch(line -> line.startsWith("T4 "));
        assertThat(CommandRun.local("gpus", "--model", "t4", "-o", "json").out())
                .contains("\"T4\"")
                .doesNotContain("P100");
    }

    @Test
    void showsNoUnknownModel() {
        var run = CommandRun.local("gpus", "--model", "T5");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--model: there is no 'T5'; there are P100, T4");
    }

    @Test
    void drawsNoUnknownModel() {
        var run = CommandRun.local("gpus", "--step", directory.resolve("x.svg").toString(), "--model", "T5");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--model: there is no 'T5'; there are P100, T4");
    }
}
