package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the orchestrator tells a node. Topic {@code placements}; repeats what {@code cluster-events} decided. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NodeCommand.StartAttempt.class, name = "start_attempt"),
    @JsonSubTypes.Type(value = NodeCommand.StopAttempt.class, name = "stop_attempt"),
})
public sealed interface NodeCommand extends PoolScoped {
    NodeId nodeId();

    /** The incarnation of the node that is meant: any other ignores the command. */
    long incarnation();

    AttemptId attempt();

    /** When it was decided, ms of cluster time. */
    long atMs();

    /**
     * Run this attempt on these GPUs. A node that knows the attempt already ignores the command.
     *
     * @param progressMs how much of the work an earlier attempt saved, ms at full clock
     */
    record StartAttempt(PoolId pool, AttemptId attempt, Allocation allocation, Work work, long progressMs, long atMs)
            implements NodeCommand {
        public StartAttempt {
            Check.present("pool", pool);
            Check.present("attempt", attempt);
            Check.present("allocation", allocation);
            Check.present("work", work);
            Check.inRange("progress_ms", progressMs, 0L, Work.MAX_DURATION_MS);
        }

        @Override
        public NodeId nodeId() {
            return allocation.nodeId();
        }

        @Override
        public long incarnation() {
            return allocation.incarnation();
        }
    }

    /** Stop this attempt, and report {@link TaskReport.Stopped}, also when it is not (or no longer) running. */
    record StopAttempt(PoolId pool, NodeId nodeId, long incarnation, AttemptId attempt, long atMs)
            implements NodeCommand {
        public StopAttempt {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
            Check.present("attempt", attempt);
        }
    }
}
