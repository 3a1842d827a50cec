package io.gpuctl.events.kafka;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.FaultInjection;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.GpuHardware;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.HealthSettings;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Priority;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.XidCatalogue;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** One record of every kind in the topics, with every field different from its default. */
final class Samples {
    /** A record as a topic carries it. */
    record Sample(String file, Topic<?> topic, Object value) {
        @Override
        public String toString() {
            return file;
        }
    }

    private static final String TOKEN = "q83vASNFZ4mrze8BI0VniQ";

    static final List<Sample> ALL = List.of(
            new Sample(
                    "task-commands.claim_task_id",
                    Topics.TASK_COMMANDS,
                    new TaskCommand.ClaimTaskId(new TaskId("task_001"), new PoolId("night"), 1_024)),
            new Sample("task-commands.submit_task", Topics.TASK_COMMANDS, new TaskCommand.SubmitTask(task(), 1_001)),
            new Sample(
                    "task-commands.submit_task_with_max_nodes",
                    Topics.TASK_COMMANDS,
                    new TaskCommand.SubmitTask(task().withMaxNodes(4), 1_022)),
            new Sample(
                    "task-commands.cancel_task",
                    Topics.TASK_COMMANDS,
                    new TaskCommand.CancelTask(pool(), taskId(), 1_002)),
            new Sample(
                    "task-commands.run_scheduler",
                    Topics.TASK_COMMANDS,
                    new TaskCommand.RunScheduler(pool(), "request-1", 1_003)),
            new Sample(
                    "task-commands.submit_task_with_checkpoints",
                    Topics.TASK_COMMANDS,
                    new TaskCommand.SubmitTask(checkpointing(), 1_023)),
            new Sample(
                    "task-commands.cordon_node",
                    Topics.TASK_COMMANDS,
                    new TaskCommand.CordonNode(pool(), node(), "fan is loud", 1_024)),
            new Sample(
                    "task-commands.uncordon_node",
                    Topics.TASK_COMMANDS,
                    new TaskCommand.UncordonNode(pool(), node(), "new fan", 1_025)),
            new Sample(
                    "task-commands.drain_node",
                    Topics.TASK_COMMANDS,
                    new TaskCommand.DrainNode(pool(), node(), "to be moved", 1_026)),
            new Sample(
                    "fault-injections",
                    Topics.FAULT_INJECTIONS,
                    new FaultInjection(pool(), node(), FaultKind.XID, 79, 3, 60_000, 0, 1_027)),
            new Sample(
                    "fault-injections.straggler",
                    Topics.FAULT_INJECTIONS,
                    new FaultInjection(pool(), node(), FaultKind.STRAGGLER, 0, -1, 60_000, 0.5, 1_028)),
            new Sample(
                    "placements.start_attempt",
                    Topics.PLACEMENTS,
                    new NodeCommand.StartAttempt(pool(), attempt(), allocation(), work(), 250, 1_004)),
            new Sample(
                    "placements.stop_attempt",
                    Topics.PLACEMENTS,
                    new NodeCommand.StopAttempt(pool(), node(), 77, attempt(), 1_005)),
            new Sample(
                    "placements.start_attempt_with_token",
                    Topics.PLACEMENTS,
                    new NodeCommand.StartAttempt(pool(), attempt(), allocation(), work(), 250, 1_004, TOKEN)),
            new Sample(
                    "placements.stop_attempt_with_token",
                    Topics.PLACEMENTS,
                    new NodeCommand.StopAttempt(pool(), node(), 77, attempt(), 1_005, TOKEN)),
            new Sample(
                    "task-reports.completed_with_token",
                    Topics.TASK_REPORTS,
                    new TaskReport.Completed(
                            new TaskReport.Source(pool(), node(), 77, TOKEN), attempt(), 4_200_001, 1_035)),
            new Sample("task-reports.started", Topics.TASK_REPORTS, new TaskReport.Started(source(), attempt(), 1_006)),
            new Sample(
                    "task-reports.progressed",
                    Topics.TASK_REPORTS,
                    new TaskReport.Progressed(source(), attempt(), 300, 1_007)),
            new Sample(
                    "task-reports.checkpointed",
                    Topics.TASK_REPORTS,
                    new TaskReport.Checkpointed(source(), attempt(), 300, 1_008)),
            new Sample(
                    "task-reports.completed",
                    Topics.TASK_REPORTS,
                    new TaskReport.Completed(source(), attempt(), 1_009)),
            new Sample(
                    "task-reports.completed_with_energy",
                    Topics.TASK_REPORTS,
                    new TaskReport.Completed(source(), attempt(), 4_200_001, 1_035)),
            new Sample(
                    "task-reports.failed",
                    Topics.TASK_REPORTS,
                    new TaskReport.Failed(source(), attempt(), 137, "out of memory", 1_010)),
            new Sample(
                    "task-reports.failed_with_energy",
                    Topics.TASK_REPORTS,
                    new TaskReport.Failed(source(), attempt(), 137, "out of memory", 4_200_002, 1_036)),
            new Sample(
                    "task-reports.stopped", Topics.TASK_REPORTS, new TaskReport.Stopped(source(), attempt(), 0, 1_011)),
            new Sample(
                    "task-reports.stopped_with_progress",
                    Topics.TASK_REPORTS,
                    new TaskReport.Stopped(source(), attempt(), 300, 1_021)),
            new Sample(
                    "task-reports.stopped_with_loss",
                    Topics.TASK_REPORTS,
                    new TaskReport.Stopped(source(), attempt(), 300, 40, 1_029)),
            new Sample(
                    "task-reports.stopped_with_energy",
                    Topics.TASK_REPORTS,
                    new TaskReport.Stopped(source(), attempt(), 300, 40, 4_200_003, 1_037)),
            new Sample(
                    "task-reports.progressed_with_pace",
                    Topics.TASK_REPORTS,
                    new TaskReport.Progressed(source(), attempt(), 300, 640, 1_030)),
            new Sample(
                    "task-reports.progressed_with_pace_of_zero",
                    Topics.TASK_REPORTS,
                    new TaskReport.Progressed(source(), attempt(), 300, 0, 1_031)),
            new Sample(
                    "task-reports.faulted",
                    Topics.TASK_REPORTS,
                    new TaskReport.Faulted(source(), attempt(), 3, 79, "XID 79: fell off the bus", 4_500, 1_032)),
            new Sample(
                    "task-reports.faulted_with_energy",
                    Topics.TASK_REPORTS,
                    new TaskReport.Faulted(
                            source(), attempt(), 3, 79, "XID 79: fell off the bus", 4_500, 4_200_004, 1_038)),
            new Sample("node-events.registered", Topics.NODE_EVENTS, new NodeEvent.Registered(inventory(), 77, 1_012)),
            new Sample(
                    "node-events.registered_with_hardware",
                    Topics.NODE_EVENTS,
                    new NodeEvent.Registered(inventory().with(hardware()), 77, 1_012)),
            new Sample(
                    "node-events.registered_after_crash",
                    Topics.NODE_EVENTS,
                    new NodeEvent.Registered(inventory(), 77, true, 1_039)),
            new Sample(
                    "node-events.heartbeat",
                    Topics.NODE_EVENTS,
                    new NodeEvent.Heartbeat(pool(), node(), 77, List.of(attempt()), 1_013)),
            new Sample(
                    "node-events.faulted",
                    Topics.NODE_EVENTS,
                    new NodeEvent.Faulted(pool(), node(), 77, "xid", 3, "XID 79: fell off the bus", 1_014)),
            new Sample(
                    "node-events.faulted_with_xid",
                    Topics.NODE_EVENTS,
                    new NodeEvent.Faulted(pool(), node(), 77, "xid", 3, "XID 79: fell off the bus", 79, 1_033)),
            new Sample(
                    "node-events.gpu_restored",
                    Topics.NODE_EVENTS,
                    new NodeEvent.GpuRestored(pool(), node(), 77, 3, 1_034)),
            new Sample("node-events.shut_down", Topics.NODE_EVENTS, new NodeEvent.ShutDown(pool(), node(), 77, 1_015)),
            new Sample(
                    "gpu-telemetry.by_field",
                    Topics.GPU_TELEMETRY,
                    new NodeTelemetry(node(), pool(), 1_016, List.of(gpu(), idleGpu()))),
            new Sample(
                    "gpu-telemetry.shared",
                    Topics.GPU_TELEMETRY,
                    new NodeTelemetry(
                            node(),
                            pool(),
                            1_016,
                            List.of(remappedGpu()),
                            List.of(
                                    new NodeTelemetry.Share(0, attempt(), 0.5, 101.25),
                                    new NodeTelemetry.Share(0, new AttemptId(new TaskId("task_002"), 1), 0.25, 60.5)))),
            new Sample("node-conditions", Topics.NODE_CONDITIONS, condition()),
            fact("clock_set_back", new ClusterEvent.ClockSetBack(pool(), 2_104_000_000_000L)),
            fact(
                    "orchestrator_started",
                    new ClusterEvent.OrchestratorStarted(pool(), "orchestrator-1", ReaderVersion.FIRST)),
            fact(
                    "pool_configured",
                    new ClusterEvent.PoolConfigured(
                            pool(),
                            new PoolSettings(
                                    new PolicySpec("intelligent", Map.of("temperature", 0.5), 43),
                                    true,
                                    7,
                                    2_000,
                                    6_000,
                                    12_000,
                                    5_000,
                                    HealthSettings.UNWRITTEN,
                                    0))),
            fact(
                    "pool_configured.target_workload",
                    new ClusterEvent.PoolConfigured(
                            pool(),
                            new PoolSettings(
                                    new PolicySpec(
                                            "arrival+fgd",
                                            Map.of("shuffle_nodes", 1.0),
                                            44,
                                            new TargetWorkload(List.of(
                                                    new TargetWorkload.Kind(4_000, 250, 1, List.of("A100", "T4"), 0.75),
                                                    new TargetWorkload.Kind(8_000, 0, 0, List.of("A100"), 0.25)))),
                                    false,
                                    20,
                                    1_000,
                                    5_000,
                                    10_000,
                                    100_000,
                                    HealthSettings.UNWRITTEN,
                                    0))),
            fact(
                    "pool_configured.health",
                    new ClusterEvent.PoolConfigured(
                            pool(),
                            new PoolSettings(
                                    new PolicySpec("fgd", Map.of(), 45),
                                    false,
                                    7,
                                    2_000,
                                    6_000,
                                    12_000,
                                    5_000,
                                    new HealthSettings(800, 5, 60_000, 2, 3_600_000, XidCatalogue.FIRST_EDITION),
                                    0))),
            fact(
                    "pool_configured.xid_edition",
                    new ClusterEvent.PoolConfigured(
                            pool(), PoolSettings.withPolicy(new PolicySpec("fifo", Map.of(), 46)))),
            fact(
                    "pool_configured.finished_tasks_kept_ms",
                    new ClusterEvent.PoolConfigured(
                            pool(),
                            PoolSettings.withPolicy(new PolicySpec("fifo", Map.of(), 47))
                                    .remembering(2_000, 86_400_000))),
            fact("task_submitted", new ClusterEvent.TaskSubmitted(task())),
            fact("task_rejected", new ClusterEvent.TaskRejected(task(), reason())),
            fact("pending_reason_changed", new ClusterEvent.PendingReasonChanged(taskId(), reason())),
            fact(
                    "task_placed",
                    new ClusterEvent.TaskPlaced(
                            taskId(), 2, List.of(allocation()), new TreeMap<>(Map.of("power", 0.5, "memory", 0.25)))),
            fact("task_started", new ClusterEvent.TaskStarted(taskId(), 2)),
            fact("member_started", new ClusterEvent.MemberStarted(taskId(), 2, node())),
            fact("member_checkpointed", new ClusterEvent.MemberCheckpointed(taskId(), 2, node(), 300)),
            fact("member_ended", new ClusterEvent.MemberEnded(taskId(), 2, node(), true, 300, 0)),
            fact("member_ended.energy", new ClusterEvent.MemberEnded(taskId(), 2, node(), true, 300, 4_200_005)),
            fact("task_checkpointed", new ClusterEvent.TaskCheckpointed(taskId(), 2, 300)),
            fact("task_completed", new ClusterEvent.TaskCompleted(taskId(), 2, 0)),
            fact("task_completed.energy", new ClusterEvent.TaskCompleted(taskId(), 2, 4_200_006)),
            fact("preempt_requested", new ClusterEvent.PreemptRequested(taskId(), 2, EndReason.PREEMPTED)),
            fact(
                    "task_requeued",
                    new ClusterEvent.TaskRequeued(taskId(), 2, EndReason.TASK_FAILED, "exit 1", 2_000, 0, 0)),
            fact(
                    "preempt_requested.node_drained",
                    new ClusterEvent.PreemptRequested(taskId(), 2, EndReason.NODE_DRAINED)),
            fact(
                    "task_requeued.lost",
                    new ClusterEvent.TaskRequeued(taskId(), 2, EndReason.HARDWARE_FAULT, "XID 79", 2_000, 4_500, 0)),
            fact(
                    "task_requeued.energy",
                    new ClusterEvent.TaskRequeued(
                            taskId(), 2, EndReason.HARDWARE_FAULT, "XID 79", 2_000, 4_500, 4_200_007)),
            fact(
                    "task_failed.lost",
                    new ClusterEvent.TaskFailed(taskId(), 2, EndReason.HARDWARE_FAULT, "XID 79", 4_500, 0)),
            fact(
                    "task_failed.energy",
                    new ClusterEvent.TaskFailed(taskId(), 2, EndReason.HARDWARE_FAULT, "XID 79", 4_500, 4_200_008)),
            fact("retry_due", new ClusterEvent.RetryDue(taskId())),
            fact("task_failed", new ClusterEvent.TaskFailed(taskId(), 2, EndReason.NODE_LOST, "node n1 is gone", 0, 0)),
            fact("cancel_requested", new ClusterEvent.CancelRequested(taskId())),
            fact("task_cancelled", new ClusterEvent.TaskCancelled(taskId(), 0)),
            fact("task_cancelled.energy", new ClusterEvent.TaskCancelled(taskId(), 4_200_009)),
            fact("stray_stopped", new ClusterEvent.StrayStopped(node(), 77, attempt())),
            fact("allocation_released", new ClusterEvent.AllocationReleased(node(), attempt(), 0)),
            fact("allocation_released.energy", new ClusterEvent.AllocationReleased(node(), attempt(), 4_200_010)),
            fact("node_registered", new ClusterEvent.NodeRegistered(inventory(), 77, 0)),
            fact("node_registered.instead_of", new ClusterEvent.NodeRegistered(inventory(), 77, 78)),
            fact("node_condition_changed", new ClusterEvent.NodeConditionChanged(condition())),
            fact("node_suspected", new ClusterEvent.NodeSuspected(node())),
            fact("node_recovered", new ClusterEvent.NodeRecovered(node())),
            fact("node_lost", new ClusterEvent.NodeLost(node())),
            fact("node_faulted", new ClusterEvent.NodeFaulted(node(), "xid", 3, "XID 79: fell off the bus", 0)),
            fact("node_faulted.xid", new ClusterEvent.NodeFaulted(node(), "xid", 3, "XID 79: fell off the bus", 79)),
            fact("gpu_taken_out", new ClusterEvent.GpuTakenOut(node(), 3, "XID 79: fell off the bus")),
            fact("gpu_returned", new ClusterEvent.GpuReturned(node(), 3)),
            fact(
                    "node_cordoned",
                    new ClusterEvent.NodeCordoned(node(), CordonCause.STRAGGLER, true, "slow 3 times", 301_020)),
            fact("node_uncordoned", new ClusterEvent.NodeUncordoned(node(), "new fan")),
            fact("node_drained", new ClusterEvent.NodeDrained(node())),
            fact("node_slow", new ClusterEvent.NodeSlow(node(), 640)),
            fact("node_on_pace", new ClusterEvent.NodeOnPace(node())),
            fact("node_shut_down", new ClusterEvent.NodeShutDown(node())),
            fact("scheduler_ran", new ClusterEvent.SchedulerRan(pool(), "request-1", 4, 9)));

    private Samples() {}

    private static Sample fact(String type, ClusterEvent event) {
        Fact fact = new Fact(pool(), 12, 1_020, new Cause("task-commands", 3, 4_711), event);
        return new Sample("cluster-events." + type, Topics.CLUSTER_EVENTS, fact);
    }

    private static PoolId pool() {
        return new PoolId("research");
    }

    private static TaskId taskId() {
        return new TaskId("task_001");
    }

    private static NodeId node() {
        return new NodeId("n1");
    }

    private static AttemptId attempt() {
        return new AttemptId(taskId(), 2);
    }

    private static TaskReport.Source source() {
        return new TaskReport.Source(pool(), node(), 77);
    }

    private static Work work() {
        return new Work(60_000, 0.8, 3);
    }

    private static TaskSpec task() {
        return new TaskSpec(
                taskId(),
                pool(),
                "ada",
                Priority.HIGH,
                GpuRequest.share(500, 16_384),
                4_000,
                8_192,
                List.of("A100-SXM4-80GB", "H100"),
                5,
                work());
    }

    private static TaskSpec checkpointing() {
        return new TaskSpec(
                taskId(),
                pool(),
                "ada",
                Priority.HIGH,
                GpuRequest.whole(8, 0),
                4_000,
                8_192,
                List.of("H100"),
                5,
                work().withProfile(LoadProfile.TRAINING_LARGE).withCheckpoints(600_000, 20_000));
    }

    private static Allocation allocation() {
        return new Allocation(node(), 77, List.of(2, 5), 1_000, 16_384, 4_000, 8_192);
    }

    private static NodeInventory inventory() {
        return new NodeInventory(node(), pool(), "A100-SXM4-80GB", 8, 81_920, 128_000, 1_048_576, 60, 400, 25, 85);
    }

    private static GpuHardware hardware() {
        List<String> uuids = IntStream.range(0, 8).mapToObj("GPU-%d"::formatted).toList();
        List<String> buses =
                IntStream.range(0, 8).mapToObj("00000000:0%d:00.0"::formatted).toList();
        List<String> serials =
                IntStream.range(0, 8).mapToObj("165%d"::formatted).toList();
        return new GpuHardware("570.172.08", "92.00.45.00.03", 1_410, 1_593, 500, uuids, buses, serials);
    }

    private static NodeCondition condition() {
        return new NodeCondition(node(), pool(), 1_017, List.of(new NodeCondition.Gpu(71.25, 0.75, 301.5, 40_960)));
    }

    private static PendingReason reason() {
        return new PendingReason(
                PendingReason.Code.INSUFFICIENT_GPU_MEMORY,
                Map.of(
                        PendingReason.Code.INSUFFICIENT_GPU_MEMORY, 6,
                        PendingReason.Code.INSUFFICIENT_GPUS, 2));
    }

    static NodeTelemetry.Gpu gpu() {
        return new NodeTelemetry.Gpu(
                new NodeTelemetry.Activity(0.75, 0.625, 0.6, 0.25, 0.4688),
                new NodeTelemetry.Framebuffer(40_960, 40_387, 573),
                new NodeTelemetry.Sensors(301.5, 71.25, 74.5, 1_234_567_890),
                new NodeTelemetry.Clocks(1_200, 1_593, 0x20, 5_000_000, 7_000_000),
                new NodeTelemetry.Errors(79, 3, 1, true),
                new NodeTelemetry.Traffic(1_200_000_000, 1_300_000_000, 90_000_000_000L, 91_000_000_000L));
    }

    private static NodeTelemetry.Gpu remappedGpu() {
        var busy = gpu();
        return new NodeTelemetry.Gpu(
                busy.activity(),
                busy.framebuffer(),
                busy.sensors(),
                busy.clocks(),
                new NodeTelemetry.Errors(63, 3, 1, false, 2, 1, 17),
                busy.traffic());
    }

    private static NodeTelemetry.Gpu idleGpu() {
        return new NodeTelemetry.Gpu(
                new NodeTelemetry.Activity(0, 0, 0, 0, 0),
                new NodeTelemetry.Framebuffer(0, 81_347, 573),
                new NodeTelemetry.Sensors(60, 34.5, 32, 6_000),
                new NodeTelemetry.Clocks(210, 1_593, 0x1, 0, 0),
                NodeTelemetry.Errors.NONE,
                NodeTelemetry.Traffic.NONE);
    }
}
