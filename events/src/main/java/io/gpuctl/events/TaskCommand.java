package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a user asks of the orchestrator. Topic {@code task-commands}, written by the api. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TaskCommand.SubmitTask.class, name = "submit_task"),
    @JsonSubTypes.Type(value = TaskCommand.CancelTask.class, name = "cancel_task"),
    @JsonSubTypes.Type(value = TaskCommand.RunScheduler.class, name = "run_scheduler"),
})
public sealed interface TaskCommand extends PoolScoped {
    /** When it was asked, ms of cluster time. */
    long atMs();

    /** The record's key. */
    String key();

    /** The first submission of a task id in the log is the task; a later one changes nothing. */
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
     * @param requestId repeated in {@link ClusterEvent.SchedulerRan}, so that the asker finds the answer
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
}
