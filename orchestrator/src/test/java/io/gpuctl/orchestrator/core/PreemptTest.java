package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.FIFO;
import static io.gpuctl.orchestrator.core.PoolFixture.INCARNATION;
import static io.gpuctl.orchestrator.core.PoolFixture.POOL;
import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.ClusterEvent.AllocationReleased;
import io.gpuctl.events.ClusterEvent.CancelRequested;
import io.gpuctl.events.ClusterEvent.PendingReasonChanged;
import io.gpuctl.events.ClusterEvent.PreemptRequested;
import io.gpuctl.events.ClusterEvent.TaskCancelled;
import io.gpuctl.events.ClusterEvent.TaskCheckpointed;
import io.gpuctl.events.ClusterEvent.TaskCompleted;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskRequeued;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.Work;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tasks that make room for other tasks. Nodes have 4 GPUs; a task's name says how long it runs. */
class PreemptTest {
    private static final PoolSettings SRTF = PoolSettings.withPolicy(PolicySpec.named("srtf"));
    private static final PoolSettings TIRESIAS = PoolSettings.withPolicy(
            new PolicySpec("tiresias", Map.of("limit_0_gpu_seconds", 40.0, "limit_1_gpu_seconds", 80.0), 1));
    private static final TaskId LONG = new TaskId("long");
    private static final TaskId SHORT = new TaskId("short");

    private final PoolFixture pool = PoolFixture.withNodes(SRTF, "a");

    @Test
    void aLongerTaskIsStoppedForAShorterOne() {
        runLong();

        assertThat(pool.submit(task("short", 4, 10)))
                .endsWith(
                        new PendingReasonChanged(SHORT, awaiting()),
                        new PreemptRequested(LONG, 1, EndReason.PREEMPTED));
        assertThat(pool.stateOf("long")).isEqualTo(TaskState.PREEMPTING);
        assertThat(pool.commands)
                .containsExactly(new StopAttempt(POOL, new NodeId("a"), INCARNATION, attempt("long", 1), pool.nowMs()));
    }

    @Test
    void itsGpusAreTheOthersOnceItsNodeHasAnswered() {
        runLong();
        pool.submit(task("short", 4, 10));

        assertThat(pool.stopped("a", attempt("long", 1), 7_000))
                .startsWith(
                        new TaskCheckpointed(LONG, 1, 7_000),
                        new TaskRequeued(LONG, 1, EndReason.PREEMPTED, "", pool.nowMs(), 0, 0))
                .hasAtLeastOneElementOfType(TaskPlaced.class);
        assertThat(pool.stateOf("short")).isEqualTo(TaskState.PLACED);
        assertThat(pool.stateOf("long")).isEqualTo(TaskState.QUEUED);
    }

    @Test
    void whatItHadDoneIsNotDoneAgainAndNobodyIsBlamed() {
        runLong();
        pool.submit(task("short", 4, 10));
        pool.stopped("a", attempt("long", 1), 7_000);
        pool.started("a", attempt("short", 1));
        pool.completed("a", attempt("short", 1));

        assertThat(pool.commands)
                .singleElement()
                .isInstanceOfSatisfying(
                        StartAttempt.class,
                        start -> assertThat(start.progressMs()).isEqualTo(7_000));
        assertThat(pool.state().task(LONG).failures()).isZero();
        assertThat(pool.state().task(LONG).nodeLosses()).isZero();
    }

    @Test
    void aTaskThatWasPlacedAndHasNotStartedMakesRoomToo() {
        pool.submit(task("long", 4, 100));
        pool.submit(task("short", 4, 10));

        assertThat(pool.stateOf("long")).isEqualTo(TaskState.PREEMPTING);
        pool.started("a", attempt("long", 1));
        pool.stopped("a", attempt("long", 1));
        assertThat(pool.stateOf("short")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void whatRunsIsMeasuredByWhatIsLeftOfIt() {
        runLong();
        pool.beats("a", 91, attempt("long", 1));

        pool.submit(task("short", 4, 10));

        assertThat(pool.stateOf("long")).isEqualTo(TaskState.RUNNING);
        assertThat(pool.reasonOf("short").code()).isEqualTo(Code.INSUFFICIENT_GPUS);
    }

    @Test
    void whatWasSavedOnTheWayIsNotCountedTwice() {
        runLong();
        pool.beats("a", 50, attempt("long", 1));
        pool.report(new io.gpuctl.events.TaskReport.Checkpointed(
                pool.source("a"), attempt("long", 1), 50_000, pool.nowMs()));
        pool.beats("a", 20, attempt("long", 1));

        assertThat(pool.state().task(LONG).job(pool.nowMs())).isEqualTo(new Job(30, 4, 70));
    }

    @Test
    void tasksThatHaveEquallyMuchLeftLeaveEachOtherAlone() {
        pool.submit(task("long", 4, 100));
        pool.submit(task("short", 4, 100));

        assertThat(pool.stateOf("long")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void theMoreUrgentGoesBeforeTheShorter() {
        pool.submit(task("short", 4, 10));
        pool.submit(urgent("long", 4, 100));

        assertThat(pool.stateOf("short")).isEqualTo(TaskState.PREEMPTING);
    }

    @Test
    void theLastInTheOrderMakesRoomAndTheOthersStay() {
        for (int seconds : List.of(60, 90, 70, 80)) {
            pool.submit(task("t" + seconds, 1, seconds));
        }
        pool.submit(task("short", 1, 10));

        assertThat(pool.stateOf("t90")).isEqualTo(TaskState.PREEMPTING);
        assertThat(List.of("t60", "t70", "t80")).allMatch(id -> pool.stateOf(id) == TaskState.PLACED);
    }

    @Test
    void nobodyIsStoppedWhereItWouldNotHelp() {
        pool.submit(task("t1", 2, 5));
        pool.submit(task("t2", 2, 100));

        pool.submit(task("wide", 4, 10));

        assertThat(pool.stateOf("t2")).isEqualTo(TaskState.PLACED);
        assertThat(pool.reasonOf("wide").code()).isEqualTo(Code.INSUFFICIENT_GPUS);
    }

    @Test
    void aTaskMovesOnlyIfItMust() {
        pool.register("b");
        pool.submit(task("t1", 3, 100));
        pool.submit(task("t2", 3, 90));
        pool.submit(task("t3", 1, 110));
        assertThat(pool.nodeOf("t3")).isEqualTo("a");

        pool.submit(task("wide", 4, 10));

        assertThat(pool.stateOf("t2")).as("fits beside the wide one").isEqualTo(TaskState.PLACED);
        assertThat(pool.stateOf("t1")).as("does not").isEqualTo(TaskState.PREEMPTING);
        assertThat(pool.stateOf("t3")).as("fits elsewhere").isEqualTo(TaskState.PREEMPTING);
        pool.stopped("a", attempt("t1", 1));
        pool.stopped("a", attempt("t3", 1));
        assertThat(pool.nodeOf("wide")).isEqualTo("a");
        assertThat(pool.nodeOf("t3")).isEqualTo("b");
        assertThat(pool.stateOf("t1")).isEqualTo(TaskState.QUEUED);
    }

    @Test
    void gpusThatBecomeFreeOneAfterAnotherWaitForWhomTheyAreMeant() {
        pool.submit(task("t1", 2, 100));
        pool.submit(task("t2", 2, 100));
        pool.submit(task("short", 4, 10));

        pool.stopped("a", attempt("t1", 1));
        pool.submit(task("between", 2, 50));

        assertThat(pool.stateOf("between")).isEqualTo(TaskState.QUEUED);
        assertThat(pool.stopped("a", attempt("t2", 1))).hasAtLeastOneElementOfType(TaskPlaced.class);
        assertThat(pool.stateOf("short")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void oneThatComesBeforeItGetsThemFirst() {
        runLong();
        pool.submit(task("short", 4, 10));
        pool.submit(task("shorter", 4, 5));

        pool.stopped("a", attempt("long", 1));

        assertThat(pool.stateOf("shorter")).isEqualTo(TaskState.PLACED);
        assertThat(pool.stateOf("short")).isEqualTo(TaskState.QUEUED);
    }

    @Test
    void whatTheNodeSaysMeanwhileDoesNotStopItTwice() {
        runLong();
        pool.submit(task("short", 4, 10));

        assertThat(pool.submit(task("other", 1, 50))).doesNotHaveAnyElementsOfTypes(PreemptRequested.class);
        assertThat(pool.beats("a", 30, attempt("long", 1))).isEmpty();
    }

    @Test
    void anotherOrchestratorGoesOnWithThePlan() {
        runLong();
        pool.submit(task("short", 4, 10));
        pool.restartOrchestrator(SRTF);
        pool.submit(task("between", 4, 50));

        pool.stopped("a", attempt("long", 1));

        assertThat(pool.stateOf("short")).isEqualTo(TaskState.PLACED);
        assertThat(pool.log).extracting(Fact::event).areExactly(1, ofType(PreemptRequested.class));
    }

    @Test
    void underAnotherPolicyItWaitsForItsTurn() {
        runLong();
        pool.submit(task("short", 4, 10));
        pool.restartOrchestrator(FIFO);

        pool.stopped("a", attempt("long", 1));

        assertThat(pool.stateOf("long")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void itMayCompleteWhileItIsBeingStopped() {
        runLong();
        pool.submit(task("short", 4, 10));

        assertThat(pool.completed("a", attempt("long", 1)))
                .startsWith(new TaskCompleted(LONG, 1, 0))
                .hasAtLeastOneElementOfType(TaskPlaced.class);
        assertThat(pool.stopped("a", attempt("long", 1))).isEmpty();
    }

    @Test
    void itMayFailWhileItIsBeingStopped() {
        runLong();
        pool.submit(task("short", 4, 10));

        pool.failed("a", attempt("long", 1));

        assertThat(pool.stateOf("long")).isEqualTo(TaskState.BACKING_OFF);
        assertThat(pool.state().task(LONG).failures()).isOne();
        assertThat(pool.stateOf("short")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void itMayBeCancelledWhileItIsBeingStopped() {
        runLong();
        pool.submit(task("short", 4, 10));

        assertThat(pool.cancel("long")).startsWith(new CancelRequested(LONG));
        assertThat(pool.stopped("a", attempt("long", 1)))
                .startsWith(new TaskCancelled(LONG, 0))
                .hasAtLeastOneElementOfType(TaskPlaced.class);
    }

    @Test
    void itsNodeMayBeLostWhileItIsBeingStopped() {
        runLong();
        pool.submit(task("short", 4, 10));

        assertThat(pool.tick(11_000))
                .contains(new TaskRequeued(
                        LONG, 1, EndReason.NODE_LOST, "node a fell silent", pool.nowMs() - 1_000, 0, 0));
        assertThat(pool.state().task(LONG).nodeLosses()).isOne();
        assertThat(pool.heldOn("a")).isOne();
        pool.heartbeat("a");
        assertThat(pool.stopped("a", attempt("long", 1)))
                .startsWith(new AllocationReleased(new NodeId("a"), attempt("long", 1), 0));
        assertThat(pool.stateOf("short")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void itsNodeMayStartAnewWhileItIsBeingStopped() {
        runLong();
        pool.submit(task("short", 4, 10));

        pool.register(inventory("a", 4), INCARNATION + 1);

        assertThat(pool.stateOf("short")).isEqualTo(TaskState.PLACED);
        assertThat(pool.stateOf("long")).isEqualTo(TaskState.QUEUED);
    }

    @Test
    void aTaskThatIsNoLongerNeededMayHaveBeenStoppedForNothing() {
        runLong();
        pool.submit(task("short", 4, 10));
        pool.cancel("short");

        pool.stopped("a", attempt("long", 1), 1_000);

        assertThat(pool.state().task(LONG).currentAttempt()).isEqualTo(attempt("long", 2));
        assertThat(pool.stateOf("long")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void tiresiasLetsATaskRunUntilItHasHadItsShare() {
        var tiresias = PoolFixture.withNodes(TIRESIAS, "a");
        tiresias.submit(task("long", 4, 100));
        tiresias.started("a", attempt("long", 1));
        long startedAtMs = tiresias.nowMs();
        tiresias.submit(task("short", 4, 10));

        assertThat(tiresias.orchestrator().nextOrderChangeMs()).hasValue(startedAtMs + 10_000);
        assertThat(tiresias.beats("a", 9, attempt("long", 1))).isEmpty();
        assertThat(tiresias.beats("a", 1, attempt("long", 1)))
                .contains(new PreemptRequested(LONG, 1, EndReason.PREEMPTED));
    }

    /** Otherwise a replay, which asks less often, would expect the change a millisecond later. */
    @Test
    void theMomentAtWhichTheOrderChangesDoesNotDependOnWhenItIsAsked() {
        var tiresias = PoolFixture.withNodes(TIRESIAS, "a");
        tiresias.submit(task("long", 4, 100));
        tiresias.started("a", attempt("long", 1));
        long startedAtMs = tiresias.nowMs();
        tiresias.submit(task("short", 4, 10));

        for (long atMs = startedAtMs; atMs < startedAtMs + 10_000; atMs += 37) {
            tiresias.nodeEvent(new NodeEvent.Faulted(
                    PoolFixture.POOL, new NodeId("a"), PoolFixture.INCARNATION, "xid", 0, "", atMs));

            assertThat(tiresias.orchestrator().nextOrderChangeMs()).hasValue(startedAtMs + 10_000);
        }
    }

    @Test
    void tiresiasRemembersWhatATaskHasHadAndDoesNotTakeTurns() {
        var tiresias = PoolFixture.withNodes(TIRESIAS, "a");
        tiresias.submit(task("long", 4, 100));
        tiresias.started("a", attempt("long", 1));
        tiresias.submit(task("short", 4, 100));
        tiresias.beats("a", 10, attempt("long", 1));
        tiresias.stopped("a", attempt("long", 1), 10_000);
        tiresias.started("a", attempt("short", 1));

        assertThat(tiresias.state().task(LONG).job(tiresias.nowMs())).isEqualTo(new Job(90, 4, 10));
        assertThat(tiresias.beats("a", 10, attempt("short", 1)))
                .as("in the second queue with the other: it runs on")
                .isEmpty();
        assertThat(tiresias.beats("a", 10, attempt("short", 1)))
                .as("in the third")
                .contains(new PreemptRequested(SHORT, 1, EndReason.PREEMPTED));
    }

    @Test
    void withoutATaskThatWaitsNoChangeOfTheOrderMatters() {
        var tiresias = PoolFixture.withNodes(TIRESIAS, "a");
        tiresias.submit(task("long", 4, 100));
        tiresias.started("a", attempt("long", 1));

        assertThat(tiresias.orchestrator().nextOrderChangeMs()).isEmpty();
        assertThat(pool.orchestrator().nextOrderChangeMs()).isEmpty();
    }

    @Test
    void inAManualPoolNothingIsStoppedUnasked() {
        var asked = PoolFixture.withNodes(SRTF.withManual(true), "a");
        asked.submit(task("long", 4, 100));
        asked.runScheduler("one");
        asked.submit(task("short", 4, 10));

        assertThat(asked.stateOf("long")).isEqualTo(TaskState.PLACED);
        assertThat(asked.runScheduler("two")).contains(new PreemptRequested(LONG, 1, EndReason.PREEMPTED));
    }

    private void runLong() {
        pool.submit(task("long", 4, 100));
        pool.started("a", attempt("long", 1));
    }

    private static PendingReason awaiting() {
        return PendingReason.of(Code.AWAITING_PREEMPTION);
    }

    private static org.assertj.core.api.Condition<ClusterEvent> ofType(Class<?> type) {
        return new org.assertj.core.api.Condition<>(type::isInstance, type.getSimpleName());
    }

    private static TaskSpec task(String id, int gpus, int seconds) {
        return TaskSpec.of(new TaskId(id), GpuRequest.whole(gpus, 0), Work.lasting(seconds * 1_000L));
    }

    private static TaskSpec urgent(String id, int gpus, int seconds) {
        TaskSpec task = task(id, gpus, seconds);
        return new TaskSpec(task.taskId(), POOL, "u", Priority.HIGH, task.gpus(), 0, 0, List.of(), 3, task.work());
    }
}
