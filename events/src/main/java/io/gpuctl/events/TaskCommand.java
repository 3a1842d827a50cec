package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A request of a user or an operator to the orchestrator. Topic {@code task-commands}, written by the API. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TaskCommand.SubmitTask.class, name = "submit_task"),
    @JsonSubTypes.Type(value = TaskCommand.ClaimTaskId.class, name = "claim_task_id"),
    @JsonSubTypes.Type(value = TaskCommand.CancelTask.class, name = "cancel_task"),
    @JsonSubTypes.Type(value = TaskCommand.RunScheduler.class, name = "run_scheduler"),
    @JsonSubTypes.Type(value = TaskCommand.CordonNode.class, name = "cordon_node"),
    @JsonSubTypes.Type(value = TaskCommand.UncordonNode.class, name = "uncordon_node"),
    @JsonSubTypes.Type(value = TaskCommand.DrainNode.class, name = "drain_node"),
})
public sealed interface TaskCommand extends PoolInput {
    /** The maximum length of an operator's reason, in characters. */
    int REASON_LENGTH_MAX = 512;

    /** Submit a task. The first submission of a task id in the log creates the task; a later one changes nothing. */
    record SubmitTask(TaskSpec task, long atMs) implements TaskCommand {
        public SubmitTask {
            Check.present("task", task);
        }

        @Override
        public PoolId pool() {
            return task.pool();
        }

        @Override
        public String key() {
            return task.taskId().value();
        }
    }

    /**
     * Claim a task id for a pool, before a task of this id is submitted to the pool. Pools generally share no
     * partition, so their submissions have no common order. All claims are in one partition, the partition of
     * {@link PoolId#DEFAULT}: the first claim of an id there decides which pool may use the id. A claim changes nothing
     * in any pool.
     *
     * @param claimant the pool that wants the id
     */
    record ClaimTaskId(TaskId taskId, PoolId claimant, long atMs) implements TaskCommand {
        public ClaimTaskId {
            Check.present("task_id", taskId);
            Check.present("claimant", claimant);
        }

        @Override
        public PoolId pool() {
            return PoolId.DEFAULT;
        }

        @Override
        public String key() {
            return taskId.value();
        }
    }

    record CancelTask(PoolId pool, TaskId taskId, long atMs) implements TaskCommand {
        public CancelTask {
            Check.present("pool", pool);
            Check.present("task_id", taskId);
        }

        @Override
        public String key() {
            return taskId.value();
        }
    }

    /**
     * Run a scheduling pass now.
     *
     * @param requestId repeated in {@link ClusterEvent.SchedulerRan}, so that the caller finds the answer
     */
    record RunScheduler(PoolId pool, String requestId, long atMs) implements TaskCommand {
        public RunScheduler {
            Check.present("pool", pool);
            Check.identifier("request_id", requestId);
        }

        @Override
        public String key() {
            return pool.value();
        }
    }

    /**
     * Cordon the node: it gets no new tasks, and its running tasks continue.
     *
     * @param reason for people; may be empty
     */
    record CordonNode(PoolId pool, NodeId nodeId, String reason, long atMs) implements TaskCommand {
        public CordonNode {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
            Check.maxLength("reason", reason, REASON_LENGTH_MAX);
        }

        @Override
        public String key() {
            return nodeId.value();
        }
    }

    /**
     * Uncordon the node, whatever the cause of the cordon: it gets tasks again.
     *
     * @param reason for people; may be empty
     */
    record UncordonNode(PoolId pool, NodeId nodeId, String reason, long atMs) implements TaskCommand {
        public UncordonNode {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
            Check.maxLength("reason", reason, REASON_LENGTH_MAX);
        }

        @Override
        public String key() {
            return nodeId.value();
        }
    }

    /**
     * Drain the node: it gets no new tasks, and its tasks are stopped and requeued with their saved work.
     *
     * @param reason for people; may be empty
     */
    record DrainNode(PoolId pool, NodeId nodeId, String reason, long atMs) implements TaskCommand {
        public DrainNode {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
            Check.maxLength("reason", reason, REASON_LENGTH_MAX);
        }

        @Override
        public String key() {
            return nodeId.value();
        }
    }
}
