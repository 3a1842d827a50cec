package io.gpuctl.telemetry.views;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import java.util.List;
import java.util.Random;

/** Creates random facts about few tasks and nodes: many fit, many do not. */
final class RandomFacts {
    private static final int TASKS = 6;
    private static final int NODES = 3;
    private static final int INCARNATIONS = 3;

    private final Random random;
    private final FactLog log = new FactLog(PoolId.DEFAULT);

    RandomFacts(long seed) {
        random = new Random(seed);
    }

    List<Fact> log(int size) {
        log.configured(random.nextInt(4));
        while (log.facts().size() < size) {
            next();
        }
        return log.facts();
    }

    private CordonCause cause() {
        return List.of(CordonCause.values()).get(random.nextInt(CordonCause.values().length));
    }

    private long energyMj() {
        return random.nextInt(3);
    }

    private void next() {
        TaskId task = new TaskId("t" + random.nextInt(TASKS));
        NodeId node = new NodeId("n" + random.nextInt(NODES));
        int attempt = 1 + random.nextInt(2);
        switch (random.nextInt(24)) {
            case 0, 1 -> log.submitted(task.value());
            case 2, 3 ->
                log.placed(task.value(), attempt, node.value(), random.nextInt(INCARNATIONS), random.nextInt(8));
            case 4 -> log.started(task.value(), attempt);
            case 5 -> log.add(new ClusterEvent.TaskCompleted(task, attempt, energyMj()));
            case 6 -> log.add(new ClusterEvent.TaskRequeued(task, attempt, EndReason.NODE_LOST, "", 0, 0, energyMj()));
            case 7 ->
                log.add(new ClusterEvent.TaskRequeued(task, attempt, EndReason.TASK_FAILED, "", Long.MAX_VALUE, 0, 0));
            case 8 -> log.add(new ClusterEvent.TaskFailed(task, attempt, EndReason.TASK_FAILED, "", 0, 0));
            case 9 -> log.add(new ClusterEvent.CancelRequested(task), new ClusterEvent.RetryDue(task));
            case 10 -> log.add(new ClusterEvent.TaskCancelled(task, energyMj()));
            case 11 -> log.registered(node.value(), random.nextInt(INCARNATIONS));
            case 12 -> log.add(new ClusterEvent.NodeLost(node));
            case 13 -> log.add(new ClusterEvent.NodeRecovered(node), new ClusterEvent.NodeSuspected(node));
            case 14 ->
                log.add(new ClusterEvent.AllocationReleased(node, FactLog.attempt(task.value(), attempt), energyMj()));
            case 15 -> log.add(new ClusterEvent.PreemptRequested(task, attempt, EndReason.PREEMPTED));
            case 16 -> log.add(new ClusterEvent.MemberStarted(task, attempt, node));
            case 17 -> log.add(new ClusterEvent.MemberEnded(task, attempt, node, random.nextBoolean(), 5, energyMj()));
            case 18 -> log.add(new ClusterEvent.GpuTakenOut(node, random.nextInt(FactLog.GPUS_PER_NODE), ""));
            case 19 -> log.add(new ClusterEvent.GpuReturned(node, random.nextInt(FactLog.GPUS_PER_NODE)));
            case 20 -> log.add(new ClusterEvent.NodeCordoned(node, cause(), false, "", 0));
            case 21 -> log.add(new ClusterEvent.NodeUncordoned(node, ""));
            case 22 -> log.add(new ClusterEvent.NodeShutDown(node));
            default ->
                log.add(new ClusterEvent.TaskRejected(
                        FactLog.spec(task.value(), PoolId.DEFAULT), PendingReason.of(PendingReason.Code.NO_NODES)));
        }
    }
}
