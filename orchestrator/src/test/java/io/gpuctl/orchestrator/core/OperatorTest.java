package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.FIFO;
import static io.gpuctl.orchestrator.core.PoolFixture.INTELLIGENT;
import static io.gpuctl.orchestrator.core.PoolFixture.POOL;
import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.ClusterEvent.OrchestratorStarted;
import io.gpuctl.events.ClusterEvent.PoolConfigured;
import io.gpuctl.events.ClusterEvent.SchedulerRan;
import io.gpuctl.events.Fact;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Manual passes, changed settings, restarts, and the order and time of the facts. */
class OperatorTest {
    private static PoolSettings manual(String policy) {
        return PoolSettings.withPolicy(PolicySpec.named(policy)).withManual(true);
    }

    @Test
    void theFirstFactsSayWhoDecidesAndHow() {
        var pool = new PoolFixture(FIFO);

        assertThat(pool.log)
                .extracting(Fact::event)
                .containsExactly(new OrchestratorStarted(POOL, "one"), new PoolConfigured(POOL, FIFO));
    }

    @Test
    void ifManualNothingIsPlacedUntilAskedFor() {
        var pool = PoolFixture.withNodes(manual("fifo"), "a");
        pool.submit(task("t", 2));
        assertThat(pool.reasonOf("t")).isEqualTo(PendingReason.of(Code.SCHEDULER_MANUAL));
        assertThat(pool.beats("a", 3)).isEmpty();

        List<ClusterEvent> events = pool.runScheduler("r1");

        assertThat(events).last().isEqualTo(new SchedulerRan(POOL, "r1", 1, 0));
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PLACED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "intelligent"})
    void aPassThatWasAskedForTellsAllThatWaitWhy(String policy) {
        var pool = PoolFixture.withNodes(manual(policy), "a");
        pool.submit(task("t1", 3));
        pool.submit(task("t2", 4));
        pool.submit(task("t3", 4));

        assertThat(pool.runScheduler("r1")).last().isEqualTo(new SchedulerRan(POOL, "r1", 1, 2));

        assertThat(pool.reasonOf("t2").code()).isEqualTo(Code.INSUFFICIENT_GPUS);
        assertThat(pool.reasonOf("t3").code())
                .isEqualTo(policy.equals("fifo") ? Code.BEHIND_IN_QUEUE : Code.INSUFFICIENT_GPUS);
    }

    @Test
    void ifManualWhatBecomesFreeIsNotGivenAway() {
        var pool = PoolFixture.withNodes(manual("fifo"), "a");
        pool.submit(task("t1", 4));
        pool.submit(task("t2", 4));
        pool.runScheduler("r1");

        pool.completed("a", attempt("t1", 1));

        assertThat(pool.stateOf("t2")).isEqualTo(TaskState.QUEUED);
        assertThat(pool.runScheduler("r2")).last().isEqualTo(new SchedulerRan(POOL, "r2", 1, 0));
    }

    @Test
    void aPassIsAnsweredAlsoWhereNoneIsNeeded() {
        var pool = PoolFixture.withNodes(FIFO, "a");

        assertThat(pool.runScheduler("r1")).containsExactly(new SchedulerRan(POOL, "r1", 0, 0));
    }

    @Test
    void otherSettingsComeIntoForceByAFactAndAPass() {
        var pool = PoolFixture.withNodes(manual("fifo"), "a");
        pool.submit(task("t", 2));

        pool.restartOrchestrator(INTELLIGENT);

        assertThat(pool.tick(0))
                .startsWith(new OrchestratorStarted(POOL, "two"), new PoolConfigured(POOL, INTELLIGENT))
                .hasSize(3);
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void aRestartWithTheSameSettingsChangesNothing() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t1", 4));
        pool.submit(task("t2", 4));
        pool.submit(task("t3", 4));

        pool.restartOrchestrator(FIFO);

        assertThat(pool.tick(0)).containsExactly(new OrchestratorStarted(POOL, "two"));
    }

    @Test
    void sequencesHaveNoGapsAndEveryFactItsCause() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t", 4));
        pool.tick(20_000);

        assertThat(pool.log)
                .extracting(Fact::sequence)
                .startsWith(1L, 2L, 3L, 4L, 5L, 6L)
                .isSorted();
        assertThat(pool.log.getLast().sequence()).isEqualTo(pool.log.size());
        assertThat(pool.log)
                .extracting(fact -> fact.cause().source())
                .containsOnly("timer", "node-events", "task-commands");
    }

    @Test
    void timeDoesNotGoBackWhenAnInputComesLate() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        long laterMs = pool.state().lastAtMs();

        Decision decision = pool.orchestrator()
                .on(new TaskCommand.SubmitTask(task("t", 1), laterMs - 500_000), new Cause("task-commands", 0, 9));

        assertThat(decision.facts()).extracting(Fact::atMs).containsOnly(laterMs);
    }

    @Test
    void theOldestFinishedTasksAreForgotten() {
        var pool = PoolFixture.withNodes(FIFO.remembering(2, 0), "a");
        for (String id : List.of("t1", "t2", "t3")) {
            pool.submit(task(id, 1));
            pool.completed("a", attempt(id, 1));
        }

        assertThat(pool.state().isKnown(new TaskId("t1"))).isFalse();
        assertThat(pool.state().isKnown(new TaskId("t2"))).isTrue();
        StateChange change = pool.state().drainChanges();
        assertThat(change.finished().get(new TaskId("t1"))).isEmpty();
        assertThat(change.finished().get(new TaskId("t3"))).isPresent();
    }

    @Test
    void finishedTasksAreForgottenAfterATime() {
        var pool = PoolFixture.withNodes(FIFO.remembering(100, 60_000), "a");
        pool.submit(task("t1", 1));
        pool.completed("a", attempt("t1", 1));
        pool.tick(59_000);
        pool.submit(task("t2", 1));
        pool.submit(task("t1", 1));
        assertThat(pool.state().task(new TaskId("t1")))
                .as("the id is not free yet")
                .isNull();
        pool.tick(2_000);
        pool.submit(task("t3", 1));

        pool.submit(task("t1", 1));

        assertThat(pool.state().task(new TaskId("t1"))).as("another task").isNotNull();
    }

    /** Tasks that finished before the limit have no time: they are the oldest. */
    @Test
    void aNewLimitForgetsTasksThatFinishedBefore() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t1", 1));
        pool.completed("a", attempt("t1", 1));
        assertThat(pool.state().finishedTask(new TaskId("t1")).atMs()).isZero();

        pool.restartOrchestrator(FIFO.remembering(100, 60_000));
        pool.submit(task("t2", 1));

        assertThat(pool.state().isKnown(new TaskId("t1"))).isFalse();
    }

    @Test
    void whatHasChangedIsToldOnce() {
        var pool = PoolFixture.withNodes(FIFO, "a", "b");
        pool.submit(task("t", 1));
        pool.state().drainChanges();

        pool.completed("a", attempt("t", 1));
        StateChange change = pool.state().drainChanges();

        assertThat(change.nodes()).as("what a task holds stands with the task").isEmpty();
        assertThat(change.tasks()).containsOnlyKeys(new TaskId("t"));
        assertThat(change.tasks().get(new TaskId("t"))).isEmpty();
        assertThat(pool.state().drainChanges().tasks()).isEmpty();
    }
}
