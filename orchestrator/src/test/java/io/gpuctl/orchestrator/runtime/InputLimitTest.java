package io.gpuctl.orchestrator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputLimitTest {
    private static final NodeId NODE = new NodeId("node");
    private static final TaskReport.Source SOURCE = new TaskReport.Source(PoolId.DEFAULT, NODE, 1);
    private static final AttemptId ATTEMPT = new AttemptId(new TaskId("t"), 1);

    private final InputLimit limit = new InputLimit();

    @Test
    void passesOverWhatANodeRepeatsTooOften() {
        int admitted = 0;
        for (int i = 0; i < 10_000; i++) {
            admitted += limit.admits(new TaskReport.Checkpointed(SOURCE, ATTEMPT, i, 0), true, i) ? 1 : 0;
        }

        assertThat(admitted)
                .isBetween(InputLimit.BURST + 9 * InputLimit.PER_SECOND, InputLimit.BURST + 11 * InputLimit.PER_SECOND);
    }

    @Test
    void whatWaitedIsNotPassedOver() {
        for (int second = 0; second < 10_000; second++) {
            assertThat(limit.admits(beat(NODE), true, second * 1_000L)).isTrue();
        }
    }

    @Test
    void neverPassesOverWhatBeginsOrEndsSomething() {
        List<PoolInput> inputs = List.of(
                new TaskReport.Started(SOURCE, ATTEMPT, 0),
                new TaskReport.Completed(SOURCE, ATTEMPT, 0),
                new TaskReport.Stopped(SOURCE, ATTEMPT, 0, 0),
                new NodeEvent.ShutDown(PoolId.DEFAULT, NODE, 1, 0));
        for (int i = 0; i < 1_000; i++) {
            assertThat(inputs).allMatch(input -> limit.admits(input, true, 0));
        }
    }

    @Test
    void oneNodeDoesNotUseUpAnothersShare() {
        for (int i = 0; i < 1_000; i++) {
            limit.admits(beat(NODE), true, 0);
        }

        assertThat(limit.admits(beat(NODE), true, 0)).isFalse();
        assertThat(limit.admits(beat(new NodeId("other")), true, 0)).isTrue();
    }

    private static NodeEvent beat(NodeId node) {
        return new NodeEvent.Heartbeat(PoolId.DEFAULT, node, 1, List.of(), 0);
    }

    @Test
    void whatIsNotBelievedDoesNotUseUpWhatIs() {
        TaskReport checkpoint = new TaskReport.Checkpointed(SOURCE, ATTEMPT, 1, 0);
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            refused += limit.admits(checkpoint, false, 0) ? 1 : 0;
        }

        assertThat(refused).isEqualTo(InputLimit.BURST);
        assertThat(limit.admits(checkpoint, true, 0)).isTrue();
    }
}
