package io.gpuctl.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.kafka.EventJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskSpecTest {
    @Test
    void fillsInWhatIsNotSaid() throws Exception {
        String json = """
                {"task_id":"t","gpus":{"count":1,"milli":1000,"memory_mib":0},
                 "work":{"duration_ms":5,"utilization":0.5,"exit_code":0}}""";

        TaskSpec task = EventJson.mapper().readValue(json, TaskSpec.class);

        assertThat(task)
                .isEqualTo(new TaskSpec(
                        new TaskId("t"),
                        PoolId.DEFAULT,
                        "anonymous",
                        Priority.NORMAL,
                        GpuRequest.whole(1, 0),
                        0,
                        0,
                        List.of(),
                        3,
                        new Work(5, 0.5, 0)));
    }

    @Test
    void theShortFormHasTheSameDefaults() {
        TaskSpec task = TaskSpec.of(new TaskId("t"), GpuRequest.NONE, Work.lasting(1));

        assertThat(task.pool()).isEqualTo(PoolId.DEFAULT);
        assertThat(task.priority()).isEqualTo(Priority.NORMAL);
        assertThat(task.maxAttempts()).isEqualTo(TaskSpec.DEFAULT_MAX_ATTEMPTS);
        assertThat(task.work().utilization()).isEqualTo(Work.DEFAULT_UTILIZATION);
    }

    @Test
    void isOnOneNodeUnlessItSaysThatItMaySpanMore() {
        TaskSpec task = TaskSpec.of(new TaskId("t"), GpuRequest.whole(16, 0), Work.lasting(1));

        assertThat(task.maxNodes()).isOne();
        assertThat(task.withMaxNodes(0)).isEqualTo(task);
        assertThat(task.withMaxNodes(2).maxNodes()).isEqualTo(2);
        assertThatThrownBy(() -> task.withMaxNodes(4_097))
                .isInstanceOfSatisfying(
                        InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("max_nodes"));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,0", "1,1001", "2,500", "-1,0", "4097,1000"})
    void refusesSharesThatNoGpuCanGive(int count, int milli) {
        assertThatThrownBy(() -> new GpuRequest(count, milli, 0))
                .isInstanceOfSatisfying(
                        InvalidFieldException.class, e -> assertThat(e.field()).startsWith("gpus."));
    }

    @Test
    void saysWhatIsWrongAndWhatIsAllowed() {
        assertThatThrownBy(() -> new Work(-1, 0.5, 0)).isInstanceOfSatisfying(InvalidFieldException.class, e -> {
            assertThat(e.field()).isEqualTo("work.duration_ms");
            assertThat(e.value()).isEqualTo("-1");
            assertThat(e.allowed()).startsWith("a number from 0 to");
            assertThat(e).hasMessage("work.duration_ms is -1, but must be " + e.allowed());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", ".a", "a b", "a/b", "ä", "a\n"})
    void refusesIdentifiersThatDoNotFitIntoAUrl(String value) {
        assertThatThrownBy(() -> new TaskId(value)).isInstanceOf(InvalidFieldException.class);
        assertThatThrownBy(() -> new NodeId(value)).isInstanceOf(InvalidFieldException.class);
        assertThatThrownBy(() -> new PoolId(value)).isInstanceOf(InvalidFieldException.class);
    }

    @Test
    void refusesAnIdentifierThatIsTooLong() {
        assertThat(new TaskId("x".repeat(128)).value()).hasSize(128);
        assertThatThrownBy(() -> new TaskId("x".repeat(129))).isInstanceOf(InvalidFieldException.class);
    }
}
