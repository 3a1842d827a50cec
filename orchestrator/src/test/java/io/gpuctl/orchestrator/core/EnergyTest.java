package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.FIFO;
import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.ClusterEvent.AllocationReleased;
import io.gpuctl.events.ClusterEvent.MemberEnded;
import io.gpuctl.events.ClusterEvent.TaskCancelled;
import io.gpuctl.events.ClusterEvent.TaskCompleted;
import io.gpuctl.events.ClusterEvent.TaskFailed;
import io.gpuctl.events.ClusterEvent.TaskRequeued;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.Work;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Exactly one fact contains the energy of an attempt, whatever ends the attempt; {@link SimulationTest} checks this for
 * thousands of clusters.
 */
class EnergyTest {
    private static final AttemptId T1 = attempt("t", 1);
    private static final AttemptId G1 = attempt("g", 1);

    private PoolFixture pool = PoolFixture.withNodes(FIFO, "a", "b");

    @Test
    void anAttemptThatCompletesIsCountedOnce() {
        pool.submit(task("t", 1));
        pool.started("a", T1);

        assertThat(completed("a", T1, 70)).contains(new TaskCompleted(new TaskId("t"), 1, 70));
        assertThat(completed("a", T1, 70)).isEmpty();
        assertThat(stopped("a", T1, 0)).isEmpty();
    }

    @Test
    void everyAttemptThatFailsIsCounted() {
        pool.submit(twiceAtMost());
        pool.report(new TaskReport.Failed(pool.source("a"), T1, 1, "", 30, pool.nowMs()));
        pool.beats("a", 10);
        pool.report(new TaskReport.Failed(pool.source("a"), attempt("t", 2), 1, "", 40, pool.nowMs()));

        assertThat(counted()).extracting(Object::getClass).isEqualTo(List.of(TaskRequeued.class, TaskFailed.class));
        assertThat(sumMj()).isEqualTo(70);
    }

    @Test
    void anAttemptThatHardwareEndedIsCountedWithWhatItLost() {
        pool.submit(task("t", 1));
        pool.report(new TaskReport.Faulted(pool.source("a"), T1, 0, 79, "", 5, 30, pool.nowMs()));

        assertThat(counted()).singleElement().isInstanceOfSatisfying(TaskRequeued.class, requeued -> {
            assertThat(requeued.lostMs()).isEqualTo(5);
            assertThat(requeued.energyMj()).isEqualTo(30);
        });
    }

    @Test
    void aCancelledAttemptIsCounted() {
        pool.submit(task("t", 1));
        pool.started("a", T1);
        pool.cancel("t");

        assertThat(stopped("a", T1, 30)).contains(new TaskCancelled(new TaskId("t"), 30));
        assertThat(sumMj()).isEqualTo(30);
    }

    @Test
    void aPreemptedAttemptIsCounted() {
        pool = PoolFixture.withNodes(PoolSettings.withPolicy(PolicySpec.named("srtf")), "a");
        pool.submit(lasting("t", 100_000));
        pool.started("a", T1);
        pool.submit(lasting("short", 1_000));

        stopped("a", T1, 30);

        assertThat(counted()).singleElement().isInstanceOf(TaskRequeued.class);
        assertThat(sumMj()).isEqualTo(30);
    }

    @Test
    void whatALostNodeTellsOnceItIsBackIsCountedOnce() {
        pool.submit(task("t", 1));
        pool.started("a", T1);
        pool.beats("b", 15);
        assertThat(sumMj()).isZero();

        pool.heartbeat("a", T1);

        assertThat(completed("a", T1, 30)).contains(new AllocationReleased(new NodeId("a"), T1, 30));
        completed("a", T1, 30);
        stopped("a", T1, 0);
        assertThat(sumMj()).isEqualTo(30);
    }

    @Test
    void eachMemberOfAGangIsCountedAndItsTasksEndIsNot() {
        pool.submit(task("g", 8).withMaxNodes(2));
        pool.started("a", G1);
        pool.started("b", G1);
        completed("a", G1, 30);
        completed("a", G1, 30);
        completed("b", G1, 40);

        assertThat(pool.stateOf("g")).isEqualTo(TaskState.COMPLETED);
        assertThat(counted()).hasOnlyElementsOfType(MemberEnded.class);
        assertThat(sumMj()).isEqualTo(70);
    }

    @Test
    void membersThatAreStoppedAfterAnotherHasFailedAreCounted() {
        pool.submit(task("g", 8).withMaxNodes(2));
        pool.started("a", G1);
        pool.started("b", G1);
        pool.report(new TaskReport.Failed(pool.source("a"), G1, 1, "", 30, pool.nowMs()));
        stopped("b", G1, 40);
        stopped("b", G1, 40);
        stopped("a", G1, 0);

        assertThat(counted())
                .extracting(Object::getClass)
                .isEqualTo(List.of(MemberEnded.class, AllocationReleased.class));
        assertThat(sumMj()).isEqualTo(70);
    }

    @Test
    void aCancelledGangIsCountedMemberByMember() {
        pool.submit(task("g", 8).withMaxNodes(2));
        pool.started("a", G1);
        pool.started("b", G1);
        pool.cancel("g");
        stopped("a", G1, 30);
        stopped("b", G1, 40);

        assertThat(pool.stateOf("g")).isEqualTo(TaskState.CANCELLED);
        assertThat(sumMj()).isEqualTo(70);
    }

    private List<ClusterEvent> completed(String node, AttemptId attempt, long energyMj) {
        return pool.report(new TaskReport.Completed(pool.source(node), attempt, energyMj, pool.nowMs()));
    }

    private List<ClusterEvent> stopped(String node, AttemptId attempt, long energyMj) {
        return pool.report(new TaskReport.Stopped(pool.source(node), attempt, 0, 0, energyMj, pool.nowMs()));
    }

    private List<ClusterEvent> counted() {
        return pool.log.stream()
                .map(Fact::event)
                .filter(event -> event.energyMj() > 0)
                .toList();
    }

    private long sumMj() {
        return pool.log.stream().mapToLong(fact -> fact.event().energyMj()).sum();
    }

    private static TaskSpec twiceAtMost() {
        TaskSpec task = task("t", 1);
        return new TaskSpec(
                task.taskId(), task.pool(), task.user(), task.priority(), task.gpus(), 0, 0, List.of(), 2, task.work());
    }

    private static TaskSpec lasting(String taskId, long durationMs) {
        TaskSpec task = task(taskId, 4);
        return TaskSpec.of(task.taskId(), task.gpus(), Work.lasting(durationMs));
    }
}
