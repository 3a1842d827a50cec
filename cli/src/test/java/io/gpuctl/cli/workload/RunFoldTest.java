package io.gpuctl.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.ClusterEvent.NodeRegistered;
import io.gpuctl.events.ClusterEvent.PreemptRequested;
import io.gpuctl.events.ClusterEvent.TaskCompleted;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskRejected;
import io.gpuctl.events.ClusterEvent.TaskRequeued;
import io.gpuctl.events.ClusterEvent.TaskStarted;
import io.gpuctl.events.ClusterEvent.TaskSubmitted;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.Work;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunFoldTest {

    private static final TaskId A = new TaskId("a");
    private static final TaskId B = new TaskId("b");

    private final RunFold fold = new RunFold(Set.of(A, B));
    private long sequence;

    private void at(long seconds, ClusterEvent event) {
        fold.apply(new Fact(PoolId.DEFAULT, ++sequence, seconds * 1_000, Cause.TIMER, event));
    }

    private static TaskSpec task(TaskId id) {
        return TaskSpec.of(id, GpuRequest.whole(4, 0), Work.lasting(1));
    }

    private static TaskPlaced placed(TaskId id, int attempt) {
        return new TaskPlaced(
                id,
                attempt,
                List.of(new Allocation(new NodeId("0"), 1, List.of(0, 1, 2, 3), 1_000, 0, 0, 0)),
                Collections.emptySortedMap());
    }

    private static NodeRegistered nodeWith8Gpus() {
        return new NodeRegistered(
                new NodeInventory(new NodeId("0"), PoolId.DEFAULT, "T4", 8, 1, 1, 1, 1, 2, 25, 85), 1, 0);
    }

    @Test
    void sumsUpTimesAndAllocation() {
        at(0, nodeWith8Gpus());
        at(100, new TaskSubmitted(task(A)));
        at(110, placed(A, 1));
        at(111, new TaskStarted(A, 1));
        at(120, new TaskRequeued(A, 1, EndReason.NODE_LOST, "", 0, 0, 0));
        at(130, placed(A, 2));
        at(150, new TaskCompleted(A, 2, 0));

        var summary = fold.summary(5);

        assertThat(summary.queueing().maxMs()).isBetween(9_990L, 10_010L);
        assertThat(summary.completion().maxMs()).isBetween(49_950L, 50_050L);
        assertThat(summary.requeues()).isEqualTo(1);
        assertThat(summary.gpuAllocation().max()).isEqualTo(0.5);
        assertThat(summary.gpuAllocation().mean()).isEqualTo(0.5 * 30 / 50);
        assertThat(summary.gpuAllocation().overTime()).containsExactly(0.0, 0.5, 0.0, 0.5, 0.5);
    }

    @Test
    void countsPreemptionsAmongTheRequeues() {
        at(1, new TaskSubmitted(task(A)));
        at(2, placed(A, 1));
        at(3, new PreemptRequested(A, 1, EndReason.PREEMPTED));
        assertThat(fold.status().in(TaskState.PREEMPTING)).isEqualTo(1);
        at(4, new TaskRequeued(A, 1, EndReason.PREEMPTED, "", 0, 0, 0));
        at(5, placed(A, 2));
        at(6, new TaskRequeued(A, 2, EndReason.NODE_LOST, "", 0, 0, 0));

        assertThat(fold.summary(1).requeues()).isEqualTo(2);
        assertThat(fold.summary(1).preemptions()).isEqualTo(1);
    }

    @Test
    void isCompleteWhenEveryTaskIsInAFinalState() {
        at(1, new TaskSubmitted(task(A)));
        at(2, placed(A, 1));
        at(3, new TaskCompleted(A, 1, 0));
        assertThat(fold.status().isComplete()).isFalse();

        at(4, new TaskSubmitted(task(B)));
        at(4, new TaskRejected(task(B), PendingReason.of(Code.INSUFFICIENT_GPUS)));

        assertThat(fold.status().isComplete()).isTrue();
        assertThat(fold.status().in(TaskState.REJECTED)).isEqualTo(1);
        assertThat(fold.status().submitted()).isEqualTo(2);
        assertThat(fold.summary(1).rejectionsByReason()).containsEntry(Code.INSUFFICIENT_GPUS, 1);
    }

    @Test
    void ofOtherTasksOnlyTheGpusCount() {
        var other = new TaskId("other");
        at(0, nodeWith8Gpus());
        at(1, new TaskSubmitted(task(other)));
        at(2, placed(other, 1));

        assertThat(fold.status().submitted()).isZero();
        assertThat(fold.status().allocatedShare()).isEqualTo(0.5);
    }
}
