package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the orchestrator tells a node. Topic {@code placements}; repeats what {@code cluster-events} decided. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NodeCommand.StartAttempt.class, name = "start_attempt"),
    @JsonSubTypes.Type(value = NodeCommand.StopAttempt.class, name = "stop_attempt"),
})
public sealed interface NodeCommand extends PoolRecord {
    NodeId nodeId();

    /** The incarnation of the node that is meant: any other ignores the command. */
    long incarnation();

    AttemptId attempt();

    /** Longer ones are refused: there is none. */
    int TOKEN_CHARACTERS_MAX = 64;

    /**
     * What the node repeats in each {@link TaskReport} of the attempt, so that nobody else can report of it who does not read
     * this topic. Empty in commands of orchestrators that gave none, and in simulations.
     */
    String token();

    /** The same command with this token. */
    NodeCommand withToken(String newToken);

    /**
     * Run this attempt on these GPUs. A node that knows the attempt already ignores the command.
     *
     * @param progressMs how much of the work an earlier attempt saved, ms at full clock
     */
    record StartAttempt(
            PoolId pool,
            AttemptId attempt,
            Allocation allocation,
            Work work,
            long progressMs,
            long atMs,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String token)
            implements NodeCommand {
        @SuppressWarnings("NullAway") // Jackson passes null for an absent field
        public StartAttempt {
            Check.present("pool", pool);
            Check.present("attempt", attempt);
            Check.present("allocation", allocation);
            Check.present("work", work);
            Check.inRange("progress_ms", progressMs, 0L, Work.MAX_DURATION_MS);
            token = token == null ? "" : Check.maxLength("token", token, TOKEN_CHARACTERS_MAX);
        }

        public StartAttempt(
                PoolId pool, AttemptId attempt, Allocation allocation, Work work, long progressMs, long atMs) {
            this(pool, attempt, allocation, work, progressMs, atMs, "");
        }

        @Override
        public StartAttempt withToken(String newToken) {
            return new StartAttempt(pool, attempt, allocation, work, progressMs, atMs, newToken);
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
    record StopAttempt(
            PoolId pool,
            NodeId nodeId,
            long incarnation,
            AttemptId attempt,
            long atMs,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String token)
            implements NodeCommand {
        @SuppressWarnings("NullAway") // Jackson passes null for an absent field
        public StopAttempt {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
            Check.present("attempt", attempt);
            token = token == null ? "" : Check.maxLength("token", token, TOKEN_CHARACTERS_MAX);
        }

        public StopAttempt(PoolId pool, NodeId nodeId, long incarnation, AttemptId attempt, long atMs) {
            this(pool, nodeId, incarnation, attempt, atMs, "");
        }

        @Override
        public StopAttempt withToken(String newToken) {
            return new StopAttempt(pool, nodeId, incarnation, attempt, atMs, newToken);
        }
    }
}
