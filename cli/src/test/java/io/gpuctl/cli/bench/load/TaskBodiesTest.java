package io.gpuctl.cli.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TaskBodiesTest {
    private final TaskBodies bodies = new TaskBodies("bench-1-");

    @Test
    void writesConsecutiveTasks() {
        assertThat(bodies.of(98, 3).toString(StandardCharsets.UTF_8)).isEqualTo("""
                {"task_id":"bench-1-00000098","gpus":0.1,"duration":0.5}
                {"task_id":"bench-1-00000099","gpus":0.1,"duration":0.5}
                {"task_id":"bench-1-00000100","gpus":0.1,"duration":0.5}
                """);
    }

    @Test
    void knowsItsTasks() {
        assertThat(bodies.task("bench-1-00000100")).isEqualTo(100);
        assertThat(bodies.task("bench-2-00000100")).isEqualTo(-1);
        assertThat(bodies.task("other")).isEqualTo(-1);
    }

    @Test
    void countsWhatABatchWasAnswered() {
        byte[] answer = "{\"line\":1,\"status\":201}\n{\"line\":2,\"status\":409}\n{\"line\":3,\"status\":201}\n"
                .getBytes(StandardCharsets.UTF_8);

        assertThat(Bytes.count(answer, "\"status\":201".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(2);
        assertThat(Bytes.count(new byte[3], new byte[4])).isZero();
    }
}
