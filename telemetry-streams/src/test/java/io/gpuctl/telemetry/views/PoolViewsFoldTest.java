package io.gpuctl.telemetry.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.kafka.Topics;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolViewsFoldTest {
    private static final PoolId POOL = PoolId.DEFAULT;
    private static final NodeId NODE = new NodeId("n1");
    private static final TaskId TASK = new TaskId("t1");

    private final InMemoryViewStore store = new InMemoryViewStore();
    private final PoolViewsFold fold = new PoolViewsFold(store);
    private final FactLog log = new FactLog(POOL);

    private void fold() {
        log.facts().forEach(fold::apply);
    }

    private TaskView task() {
        return store.task(TASK);
    }

    private List<RunningTask> running() {
        return store.holds(NODE);
    }

    private NodeRecord node() {
        return store.node(NODE);
    }

    private PoolView pool() {
        return store.pool(POOL);
    }

    @Test
    void followsATaskToItsEnd() {
        log.configured(10)
                .registered("n1", 7)
                .submitted("t1")
                .placed("t1", 1, "n1", 7, 0, 1)
                .started("t1", 1)
                .completed("t1", 1);

        fold();

        assertThat(task().state()).isEqualTo(TaskState.COMPLETED);
        assertThat(task().submittedAtMs()).isEqualTo(3_000);
        assertThat(task().placedAtMs()).isEqualTo(4_000);
        assertThat(task().startedAtMs()).isEqualTo(5_000);
        assertThat(task().finishedAtMs()).isEqualTo(6_000);
        assertThat(task().allocations()).containsExactly(FactLog.allocation("n1", 7, 0, 1));
        assertThat(task().pendingReason()).isNull();
        assertThat(running()).isEmpty();
        assertThat(pool().gpuMilliAllocated()).isZero();
        assertThat(pool().tasksByState()).containsOnlyKeys(TaskState.COMPLETED);
        assertThat(store.history(TASK)).hasSize(4);
    }

    @Test
    void countsWhatRuns() {
        log.configured(10)
                .registered("n1", 7)
                .registered("n2", 7)
                .submitted("t1")
                .placed("t1", 1, "n1", 7, 0, 1)
                .started("t1", 1);

        fold();

        assertThat(running())
                .containsExactly(new RunningTask(new AttemptId(TASK, 1), FactLog.allocation("n1", 7, 0, 1), false));
        assertThat(pool().gpusTotal()).isEqualTo(16);
        assertThat(pool().gpusUp()).isEqualTo(16);
        assertThat(pool().gpuMilliAllocated()).isEqualTo(2_000);
        assertThat(pool().nodes(NodeState.UP)).isEqualTo(2);
        assertThat(pool().tasks(TaskState.RUNNING)).isEqualTo(1);
    }

    @Test
    void keepsWhatALostNodeHeldUntilTheNodeSpeaks() {
        log.configured(10)
                .registered("n1", 7)
                .submitted("t1")
                .placed("t1", 1, "n1", 7, 0)
                .add(new ClusterEvent.NodeLost(NODE))
                .requeued("t1", 1, EndReason.NODE_LOST)
                .add(new ClusterEvent.NodeRecovered(NODE));
        fold();
        List<RunningTask> whileSilent = running();
        long heldWhileSilent = pool().gpuMilliAllocated();

        log.add(new ClusterEvent.AllocationReleased(NODE, new AttemptId(TASK, 1), 0));
        fold();

        assertThat(whileSilent).extracting(RunningTask::over).containsExactly(true);
        assertThat(heldWhileSilent).isEqualTo(1_000);
        assertThat(running()).isEmpty();
        assertThat(pool().gpuMilliAllocated()).isZero();
        assertThat(task().state()).isEqualTo(TaskState.QUEUED);
        assertThat(task().requeues()).isEqualTo(1);
    }

    /** The allocation on a silent node does not reduce the free GPUs of other nodes. */
    @Test
    void whatALostNodeHoldsIsNotAllocatedOnNodesThatAreUp() {
        log.configured(10)
                .registered("n1", 7)
                .registered("n2", 7)
                .submitted("t1")
                .placed("t1", 1, "n1", 7, 0, 1)
                .add(new ClusterEvent.NodeLost(NODE))
                .requeued("t1", 1, EndReason.NODE_LOST);
        fold();
        long upWhileSilent = pool().gpuMilliAllocatedUp();
        log.add(new ClusterEvent.NodeRecovered(NODE));
        fold();

        assertThat(upWhileSilent).isZero();
        assertThat(pool().gpuMilliAllocatedUp()).isEqualTo(2_000);
    }

    @Test
    void countsWhatIsHeldOnNodesNotUpIfAnOlderProgramHasNot() {
        log.configured(10)
                .registered("n1", 7)
                .submitted("t1")
                .placed("t1", 1, "n1", 7, 0, 1)
                .add(new ClusterEvent.NodeLost(NODE));
        fold();
        store.putPool(pool().withGpuMilliAway(null));

        log.requeued("t1", 1, EndReason.NODE_LOST);
        fold();

        assertThat(pool().gpuMilliAway()).isEqualTo(2_000L);
    }

    private List<ClusterEvent> nodeHistory() {
        return store.nodeHistory(NODE).facts().stream().map(Fact::event).toList();
    }

    @Test
    void keepsOfANodeWhatIsNotTelemetryAlsoWhenItIsBack() {
        log.configured(10)
                .registered("n1", 7)
                .add(
                        new ClusterEvent.NodeConditionChanged(new NodeCondition(NODE, POOL, 1, List.of())),
                        new ClusterEvent.NodeFaulted(NODE, "xid", 0, "", 79),
                        new ClusterEvent.NodeSlow(NODE, 500),
                        new ClusterEvent.NodeLost(NODE),
                        new ClusterEvent.NodeRecovered(NODE))
                .registered("n1", 8);
        fold();
        fold();

        assertThat(nodeHistory())
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("NodeRegistered", "NodeFaulted", "NodeLost", "NodeRecovered", "NodeRegistered");
        assertThat(store.nodeHistory(NODE).omitted()).isZero();
    }

    @Test
    void keepsTheNewestFactsOfANodeAndCountsTheOthers() {
        log.configured(10).registered("n1", 7);
        for (int i = 0; i < PoolViewsFold.NODE_HISTORY_SIZE_MAX; i++) {
            log.add(new ClusterEvent.NodeSuspected(NODE), new ClusterEvent.NodeRecovered(NODE));
        }
        fold();

        assertThat(nodeHistory()).hasSize(PoolViewsFold.NODE_HISTORY_SIZE_MAX);
        assertThat(store.nodeHistory(NODE).facts().getLast()).isEqualTo(log.last());
        assertThat(store.nodeHistory(NODE).omitted()).isEqualTo(PoolViewsFold.NODE_HISTORY_SIZE_MAX + 1L);
    }

    @Test
    void aNodeThatMovesBeginsANewHistory() {
        log.configured(10).registered("n1", 7);
        fold();
        FactLog other = new FactLog(new PoolId("other")).registered("n1", 8);
        other.facts().forEach(fold::apply);

        assertThat(store.nodeHistory(NODE).facts()).isEqualTo(other.facts());
    }

    @Test
    void followsATaskThatMakesRoom() {
        log.configured(10)
                .registered("n1", 7)
                .submitted("t1")
                .placed("t1", 1, "n1", 7, 0)
                .started("t1", 1)
                .add(new ClusterEvent.PreemptRequested(TASK, 1, EndReason.PREEMPTED));
        fold();
        assertThat(task().state()).isEqualTo(TaskState.PREEMPTING);
        assertThat(pool().gpuMilliAllocated()).isEqualTo(1_000);

        log.add(new ClusterEvent.TaskCheckpointed(TASK, 1, 5_000)).requeued("t1", 1, EndReason.PREEMPTED);
        fold();

        assertThat(task().state()).isEqualTo(TaskState.QUEUED);
        assertThat(task().preemptions()).isEqualTo(1);
        assertThat(task().savedProgressMs()).isEqualTo(5_000);
        assertThat(pool().gpuMilliAllocated()).isZero();
    }

    @Test
    void ofAGangThatEndsWhatItsNodesMayStillRunStaysHeld() {
        log.configured(10)
                .registered("n1", 7)
                .registered("n2", 7)
                .submitted("t1")
                .add(new ClusterEvent.TaskPlaced(
                        TASK,
                        1,
                        List.of(FactLog.allocation("n1", 7, 0, 1), FactLog.allocation("n2", 7, 0)),
                        Collections.emptySortedMap()))
                .add(new ClusterEvent.MemberStarted(TASK, 1, NODE))
                .add(new ClusterEvent.MemberEnded(TASK, 1, new NodeId("n2"), false, 0, 0))
                .requeued("t1", 1, EndReason.TASK_FAILED);
        fold();
        assertThat(running()).extracting(RunningTask::over).containsExactly(true);
        assertThat(pool().gpuMilliAllocated()).isEqualTo(2_000);

        log.add(new ClusterEvent.AllocationReleased(NODE, new AttemptId(TASK, 1), 0));
        fold();

        assertThat(pool().gpuMilliAllocated()).isZero();
        assertThat(pool().factsUnmatched()).isZero();
    }

    @Test
    void clearsANodeThatStartedAnew() {
        log.configured(10)
                .registered("n1", 7)
                .submitted("t1")
                .placed("t1", 1, "n1", 7, 0)
                .add(new ClusterEvent.NodeLost(NODE))
                .requeued("t1", 1, EndReason.NODE_LOST)
                .registered("n1", 8);

        fold();

        assertThat(running()).isEmpty();
        assertThat(node().state()).isEqualTo(NodeState.UP);
        assertThat(pool().gpuMilliAllocated()).isZero();
        assertThat(pool().nodesByState()).containsOnlyKeys(NodeState.UP);
    }

    @Test
    void releasesTheGpusOfAnAttemptThatEndsOnALivingNode() {
        log.configured(10)
                .registered("n1", 7)
                .submitted("t1")
                .placed("t1", 1, "n1", 7, 0)
                .add(new ClusterEvent.TaskRequeued(TASK, 1, EndReason.TASK_FAILED, "exit code 1", 100_000, 0, 0));

        fold();

        assertThat(running()).isEmpty();
        assertThat(task().state()).isEqualTo(TaskState.BACKING_OFF);
        assertThat(task().pendingReason()).isEqualTo(PendingReason.of(PendingReason.Code.BACKING_OFF));
        assertThat(task().endReason()).isEqualTo(EndReason.TASK_FAILED);
        assertThat(task().detail()).isEqualTo("exit code 1");
        assertThat(task().allocations()).isEmpty();
    }

    @Test
    void cancelsInTwoStepsWhatHoldsGpus() {
        log.configured(10)
                .registered("n1", 7)
                .submitted("t1")
                .placed("t1", 1, "n1", 7, 0)
                .add(new ClusterEvent.CancelRequested(TASK))
                .started("t1", 1);
        fold();
        TaskState between = task().state();
        log.add(new ClusterEvent.TaskCancelled(TASK, 0));

        fold();

        assertThat(between).isEqualTo(TaskState.CANCELLING);
        assertThat(task().state()).isEqualTo(TaskState.CANCELLED);
        assertThat(running()).isEmpty();
    }

    @Test
    void rejectsWithTheReason() {
        PendingReason reason = PendingReason.of(PendingReason.Code.INSUFFICIENT_GPUS);
        log.configured(10).add(new ClusterEvent.TaskRejected(FactLog.spec("t1", POOL), reason));

        fold();

        assertThat(task().state()).isEqualTo(TaskState.REJECTED);
        assertThat(task().pendingReason()).isEqualTo(reason);
        assertThat(task().finishedAtMs()).isEqualTo(2_000);
    }

    @Test
    void ignoresAFactThatItHasSeen() {
        log.configured(10).registered("n1", 7).submitted("t1").placed("t1", 1, "n1", 7, 0);
        fold();
        PoolView before = pool();

        List<PoolViewsFold.Outcome> outcomes =
                log.facts().stream().map(fold::apply).toList();

        assertThat(outcomes).noneMatch(PoolViewsFold.Outcome::applied);
        assertThat(pool()).isEqualTo(before);
        assertThat(store.history(TASK)).hasSize(2);
    }

    @Test
    void countsMissingFacts() {
        log.configured(10).submitted("t1").submitted("t2").submitted("t3").submitted("t4");
        List<Fact> facts = log.facts();
        fold.apply(facts.get(0));

        assertThat(fold.apply(facts.get(3)).applied()).isFalse();
        PoolViewsFold.Outcome outcome = fold.apply(facts.get(4));

        assertThat(outcome.missing()).isEqualTo(3);
        assertThat(pool().factsMissing()).isEqualTo(3);
        assertThat(pool().sequenceAhead()).isZero();
        assertThat(store.task(new TaskId("t4"))).isNotNull();
    }

    /** One record with a wrong number must not stop the views for good. */
    @Test
    void goesOnAfterAFactFromBeyondAGapThatIsAlone() {
        log.configured(10).submitted("t1").submitted("t2");
        List<Fact> facts = log.facts();
        fold.apply(facts.get(0));
        Fact forged = new Fact(
                facts.get(1).pool(),
                Long.MAX_VALUE,
                facts.get(1).atMs(),
                facts.get(1).cause(),
                facts.get(1).event());

        PoolViewsFold.Outcome outcome = fold.apply(forged);
        fold.apply(facts.get(1));
        fold.apply(facts.get(2));

        assertThat(outcome.matched()).isFalse();
        assertThat(pool().sequence()).isEqualTo(3);
        assertThat(pool().factsMissing()).isZero();
        assertThat(pool().factsUnmatched()).isEqualTo(1);
        assertThat(store.task(new TaskId("t2"))).isNotNull();
    }

    @Test
    void countsWhatDoesNotFit() {
        log.configured(10).completed("unknown", 1).submitted("t1").completed("t1", 1);

        fold();

        assertThat(pool().factsUnmatched()).isEqualTo(2);
        assertThat(task().state()).isEqualTo(TaskState.QUEUED);
    }

    @Test
    void aSubmissionIsATaskBeforeAnyFact() {
        fold.seen(new TaskCommand.SubmitTask(FactLog.spec("t1", POOL), 500), 2, 10);

        assertThat(task().sequence()).isZero();
        assertThat(task().state()).isEqualTo(TaskState.QUEUED);
        assertThat(task().pendingReason()).isEqualTo(PendingReason.of(PendingReason.Code.AWAITING_PASS));
        assertThat(store.index()).hasSize(2);
        assertThat(store.position(ViewStore.Position.COMMANDS_SEEN, 2)).isEqualTo(10);
    }

    @Test
    void theFirstSubmissionOfAnIdIsTheTask() {
        TaskCommand.SubmitTask first = new TaskCommand.SubmitTask(FactLog.spec("t1", POOL), 500);
        fold.seen(first, 2, 10);

        fold.seen(new TaskCommand.SubmitTask(FactLog.spec("t1", new PoolId("other")), 600), 2, 11);

        assertThat(task().task()).isEqualTo(first.task());
        assertThat(task().submittedAtMs()).isEqualTo(500);
    }

    @Test
    void theFirstClaimOfAnIdHasIt() {
        TaskId id = new TaskId("t1");
        fold.seen(new TaskCommand.ClaimTaskId(id, POOL, 500), 2, 10);
        fold.seen(new TaskCommand.ClaimTaskId(id, new PoolId("other"), 501), 2, 11);
        fold.seen(new TaskCommand.ClaimTaskId(new TaskId("t2"), new PoolId("other"), 502), 2, 12);

        assertThat(store.claimant(id)).isEqualTo(POOL);
        assertThat(store.claimant(new TaskId("t2"))).isEqualTo(new PoolId("other"));
        assertThat(store.position(ViewStore.Position.IDS_CLAIMED, 2)).isEqualTo(1);
        assertThat(store.position(ViewStore.Position.COMMANDS_SEEN, 2)).isEqualTo(12);
    }

    @Test
    void keepsTheNewestClaims() {
        for (int i = 0; i <= PoolViewsFold.CLAIMS_KEPT; i++) {
            fold.seen(new TaskCommand.ClaimTaskId(new TaskId("t" + i), POOL, 500), 2, i);
        }

        assertThat(store.claimant(new TaskId("t0"))).isNull();
        assertThat(store.claimant(new TaskId("t1"))).isEqualTo(POOL);
        assertThat(store.claimant(new TaskId("t" + PoolViewsFold.CLAIMS_KEPT))).isEqualTo(POOL);
    }

    @Test
    void factsReplaceASubmissionOnce() {
        fold.seen(new TaskCommand.SubmitTask(FactLog.spec("t1", POOL), 500), 2, 10);
        log.configured(10).submitted("t1");

        fold();

        assertThat(task().sequence()).isEqualTo(2);
        assertThat(pool().tasksByState()).containsExactly(Map.entry(TaskState.QUEUED, 1));
        assertThat(store.index()).hasSize(2);
    }

    @Test
    void aSubmissionThatWasDecidedBeforeItIsReadMakesNoTask() {
        log.configured(0)
                .add(
                        new Cause(Topics.TASK_COMMANDS.name(), 2, 10),
                        new ClusterEvent.TaskSubmitted(FactLog.spec("t1", POOL)))
                .add(new ClusterEvent.TaskCancelled(TASK, 0));
        fold();

        fold.seen(new TaskCommand.SubmitTask(FactLog.spec("t1", POOL), 500), 2, 10);

        assertThat(task()).isNull();
        assertThat(pool().tasksForgotten()).isEqualTo(1);
    }

    @Test
    void forgetsTheTasksThatEndedFirst() {
        log.configured(2);
        for (String task : List.of("a", "b", "c", "d")) {
            log.submitted(task);
        }
        for (String task : List.of("d", "a", "c", "b")) {
            log.add(new ClusterEvent.TaskCancelled(new TaskId(task), 0));
        }

        fold();

        assertThat(store.tasks()).containsOnlyKeys(new TaskId("b"), new TaskId("c"));
        assertThat(store.index()).hasSize(6);
        assertThat(store.history(new TaskId("a"))).isEmpty();
        assertThat(pool().tasksForgotten()).isEqualTo(2);
        assertThat(pool().tasks(TaskState.CANCELLED)).isEqualTo(2);
    }

    @Test
    void forgetsTasksThatEndedLongAgo() {
        log.configured(10, 5_000);
        for (String task : List.of("a", "b", "c")) {
            log.submitted(task);
        }
        for (String task : List.of("c", "a")) { // At 5 and 6 s.
            log.add(new ClusterEvent.TaskCancelled(new TaskId(task), 0));
        }
        for (int i = 0; i < 4; i++) { // Up to 10 s.
            log.add(new ClusterEvent.SchedulerRan(POOL, "r", 0, 1));
        }

        fold();

        assertThat(store.tasks()).containsOnlyKeys(new TaskId("a"), new TaskId("b"));
        assertThat(store.history(new TaskId("c"))).isEmpty();
        assertThat(pool().tasksForgotten()).isEqualTo(1);
    }

    /** A long pause makes all tasks too old at once: one fact removes 1,000 of them, the next fact the others. */
    @Test
    void aFactForgetsALimitedNumberOfTasks() {
        int tasks = PoolSettings.FORGOTTEN_PER_FACT_MAX + 10;
        log.configured(0x7fff, 0);
        for (int i = 0; i < tasks; i++) {
            log.submitted("t" + i).add(new ClusterEvent.TaskCancelled(new TaskId("t" + i), 0));
        }
        log.configured(0x7fff, 1);

        fold();
        assertThat(store.tasks()).hasSize(10);

        log.add(new ClusterEvent.SchedulerRan(POOL, "r", 0, 0));
        fold();
        assertThat(store.tasks()).isEmpty();
    }

    @Test
    void anIdMayBeUsedAgainOnceItsTaskIsOver() {
        log.configured(10)
                .submitted("t1")
                .add(new ClusterEvent.TaskCancelled(TASK, 0))
                .submitted("t1");

        fold();

        assertThat(task().state()).isEqualTo(TaskState.QUEUED);
        assertThat(store.history(TASK)).hasSize(1);
        assertThat(pool().tasksByState()).containsExactly(Map.entry(TaskState.QUEUED, 1));
        assertThat(store.index()).hasSize(2);
    }

    @Test
    void aFactThatMayNotFollowChangesNothing() {
        log.configured(10).registered("n1", 7).submitted("t1").placed("t1", 1, "n1", 7, 0);
        log.add(new ClusterEvent.CancelRequested(TASK));
        fold();
        TaskView before = task();

        log.started("t1", 1)
                .add(
                        new ClusterEvent.PreemptRequested(TASK, 1, EndReason.PREEMPTED),
                        new ClusterEvent.RetryDue(TASK),
                        new ClusterEvent.TaskCheckpointed(TASK, 2, 500),
                        new ClusterEvent.TaskRejected(
                                FactLog.spec("t1", POOL), PendingReason.of(PendingReason.Code.NO_NODES)))
                .placed("t1", 2, "n1", 7, 0)
                .completed("t1", 2);
        fold();

        assertThat(task()).isEqualTo(before);
        assertThat(pool().factsUnmatched()).isEqualTo(7);
    }

    /** The log lacks two attempts, then a preemption request, the end of a delay, and a start. */
    @Test
    void theViewsFindBackToATaskOfWhichFactsAreMissing() {
        log.configured(10).registered("n1", 7).submitted("t1").placed("t1", 3, "n1", 7, 0);
        fold();
        assertThat(task().state()).isEqualTo(TaskState.PLACED);
        log.requeued("t1", 3, EndReason.PREEMPTED)
                .placed("t1", 4, "n1", 7, 0)
                .add(new ClusterEvent.TaskRequeued(TASK, 4, EndReason.TASK_FAILED, "", 100_000, 0, 0))
                .placed("t1", 5, "n1", 7, 0);
        fold();
        assertThat(task().state()).isEqualTo(TaskState.PLACED);
        log.completed("t1", 5);
        fold();

        assertThat(task().state()).isEqualTo(TaskState.COMPLETED);
        assertThat(pool().gpuMilliAllocated()).isZero();
    }

    /** One fact per second; the task is submitted at 3 s. */
    @Test
    void theTimeInWhichATaskHoldsGpusIsNoWait() {
        log.configured(10).registered("n1", 7).submitted("t1");
        fold();
        assertThat(task().queuedMs(3_400)).isEqualTo(400);

        log.placed("t1", 1, "n1", 7, 0).started("t1", 1);
        log.add(new ClusterEvent.TaskCheckpointed(TASK, 1, 500));
        log.requeued("t1", 1, EndReason.NODE_DRAINED);
        fold();
        // Waits from 3 s to 4 s, and from 7 s on.
        assertThat(task().queuedMs(7_000)).isEqualTo(1_000);
        assertThat(task().queuedMs(7_400)).isEqualTo(1_400);

        log.placed("t1", 2, "n1", 7, 0).started("t1", 2).requeued("t1", 2, EndReason.PREEMPTED);
        log.add(new ClusterEvent.PendingReasonChanged(TASK, PendingReason.of(PendingReason.Code.NO_NODES)));
        log.placed("t1", 3, "n1", 7, 0).started("t1", 3);
        fold();
        // Also waits from 7 s to 8 s, and from 10 s to 12 s.
        assertThat(task().queuedMs(60_000)).isEqualTo(4_000);

        log.completed("t1", 3);
        fold();
        assertThat(task().queuedMs(90_000)).isEqualTo(4_000);
    }

    @Test
    void aTaskThatIsCancelledInItsSecondWaitWaitedUntilThen() {
        log.configured(10).registered("n1", 7).submitted("t1").placed("t1", 1, "n1", 7, 0);
        log.started("t1", 1).requeued("t1", 1, EndReason.NODE_LOST).add(new ClusterEvent.TaskCancelled(TASK, 0));

        fold();

        assertThat(task().queuedMs(90_000)).isEqualTo(2_000);
    }

    @Test
    void aLongHistoryTakesOnlyChangesOfState() {
        log.configured(10).submitted("t1");
        for (int i = 0; i < PoolViewsFold.HISTORY_SIZE_MAX * 2; i++) {
            log.add(new ClusterEvent.PendingReasonChanged(TASK, PendingReason.of(PendingReason.Code.NO_NODES)));
        }
        log.add(new ClusterEvent.TaskCancelled(TASK, 0));

        fold();

        assertThat(store.history(TASK))
                .hasSize(PoolViewsFold.HISTORY_SIZE_MAX + 1)
                .endsWith(log.last());
        // The submission came first.
        assertThat(task().factsOmitted()).isEqualTo(PoolViewsFold.HISTORY_SIZE_MAX + 1);
    }

    @Test
    void aLongHistoryTakesTheStartOfAnAttempt() {
        log.configured(10).registered("n1", 7).submitted("t1");
        for (int i = 0; i < PoolViewsFold.HISTORY_SIZE_MAX; i++) {
            log.add(new ClusterEvent.PendingReasonChanged(TASK, PendingReason.of(PendingReason.Code.NO_NODES)));
        }
        log.placed("t1", 1, "n1", 7, 0).started("t1", 1);

        fold();

        assertThat(store.history(TASK)).endsWith(log.last());
    }

    @Test
    void aNodeBelongsToThePoolWhereItRegisteredLast() {
        PoolId other = new PoolId("other");
        log.configured(10).registered("n1", 7);
        fold();

        new FactLog(other).configured(10).registered("n1", 8).facts().forEach(fold::apply);

        assertThat(pool().gpusTotal()).isZero();
        assertThat(pool().nodesByState()).isEmpty();
        assertThat(store.pool(other).gpusTotal()).isEqualTo(FactLog.GPUS_PER_NODE);
    }

    @Test
    void knowsTheTopicOfCommands() {
        assertThat(PoolViewsFold.COMMANDS).isEqualTo(Topics.TASK_COMMANDS.name());
    }
}
