package io.gpuctl.simulator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatedReportsTest {
    private static final long SECOND = RepeatedReports.PERIOD_NANOS;
    private static final TaskReport.Source SOURCE = new TaskReport.Source(PoolId.DEFAULT, new NodeId("node"), 1);
    private static final AttemptId ATTEMPT = attempt("a");

    private final List<TaskReport> sent = new ArrayList<>();
    private boolean isKafkaBehind;
    private final RepeatedReports repeated = new RepeatedReports(0, () -> isKafkaBehind, sent::add);

    @Test
    void sendsTheFirstAtOnceAndTheNewestOfTheOthersASecondLater() {
        for (int ms = 1; ms <= 500; ms++) {
            repeated.offer(checkpoint(ATTEMPT, ms), ms);
            repeated.sendDue(ms);
        }
        assertThat(sent).containsExactly(checkpoint(ATTEMPT, 1));

        repeated.sendDue(1 + SECOND);

        assertThat(sent).containsExactly(checkpoint(ATTEMPT, 1), checkpoint(ATTEMPT, 500));
    }

    @Test
    void whatComesSeldomIsNotHeld() {
        repeated.offer(checkpoint(ATTEMPT, 1), 0);
        repeated.sendDue(SECOND);
        repeated.offer(checkpoint(ATTEMPT, 2), SECOND);

        assertThat(sent).containsExactly(checkpoint(ATTEMPT, 1), checkpoint(ATTEMPT, 2));
    }

    @Test
    void kindsAndAttemptsDoNotReplaceEachOther() {
        repeated.offer(checkpoint(ATTEMPT, 1), 0);
        repeated.offer(progress(ATTEMPT, 2), 0);
        repeated.offer(checkpoint(attempt("b"), 3), 0);

        assertThat(sent).hasSize(3);
    }

    @Test
    void whatIsHeldGoesOutBeforeWhatEndsTheAttempt() {
        TaskReport end = new TaskReport.Failed(SOURCE, ATTEMPT, 1, "", 5);
        repeated.offer(checkpoint(ATTEMPT, 1), 0);
        repeated.offer(checkpoint(ATTEMPT, 2), 1);

        repeated.endWith(end);
        repeated.sendDue(10 * SECOND);

        assertThat(sent).containsExactly(checkpoint(ATTEMPT, 1), checkpoint(ATTEMPT, 2), end);
    }

    @Test
    void nobodyAsksForTheCheckpointsOfACompletedAttempt() {
        TaskReport end = new TaskReport.Completed(SOURCE, ATTEMPT, 5);
        repeated.offer(checkpoint(ATTEMPT, 1), 0);
        repeated.offer(checkpoint(ATTEMPT, 2), 1);

        repeated.endWith(end);
        repeated.sendDue(10 * SECOND);

        assertThat(sent).containsExactly(checkpoint(ATTEMPT, 1), end);
    }

    @Test
    void aNodeThatIsGoneLosesNothing() {
        repeated.offer(checkpoint(ATTEMPT, 1), 0);
        repeated.offer(checkpoint(ATTEMPT, 2), 1);

        repeated.release(SOURCE.nodeId(), ATTEMPT);

        assertThat(sent).containsExactly(checkpoint(ATTEMPT, 1), checkpoint(ATTEMPT, 2));
    }

    @Test
    void allTogetherHaveALimitAndEachItsTurn() {
        int attempts = 2 * RepeatedReports.BURST;
        for (int i = 0; i < attempts; i++) {
            repeated.offer(checkpoint(attempt("t" + i), 1), 0);
        }
        assertThat(sent).hasSize(RepeatedReports.BURST);

        for (int second = 1; second <= 10; second++) {
            repeated.sendDue(second * SECOND);
        }

        assertThat(sent).hasSize(RepeatedReports.BURST + 10 * RepeatedReports.PER_SECOND);
        assertThat(sent).extracting(TaskReport::attempt).doesNotHaveDuplicates();
    }

    @Test
    void holdsAllWhileKafkaIsBehind() {
        isKafkaBehind = true;
        repeated.offer(checkpoint(ATTEMPT, 1), 0);
        repeated.offer(checkpoint(ATTEMPT, 2), 1);
        repeated.sendDue(2 * SECOND);
        assertThat(sent).isEmpty();

        isKafkaBehind = false;
        repeated.sendDue(3 * SECOND);

        assertThat(sent).containsExactly(checkpoint(ATTEMPT, 2));
    }

    private static AttemptId attempt(String task) {
        return new AttemptId(new TaskId(task), 1);
    }

    private static TaskReport checkpoint(AttemptId attempt, long progressMs) {
        return new TaskReport.Checkpointed(SOURCE, attempt, progressMs, progressMs);
    }

    private static TaskReport progress(AttemptId attempt, long progressMs) {
        return new TaskReport.Progressed(SOURCE, attempt, progressMs, progressMs);
    }
}
