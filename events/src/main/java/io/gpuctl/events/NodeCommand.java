package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * A command of the orchestrator to a node. Topic {@code placements}; repeats the decisions in {@code cluster-events}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NodeCommand.StartAttempt.class, name = "start_attempt"),
    @JsonSubTypes.Type(value = NodeCommand.StopAttempt.class, name = "stop_attempt"),
})
public sealed interface NodeCommand extends PoolRecord {
    NodeId nodeId();

    /** Returns the incarnation of the node that the command is for: any other incarnation ignores it. */
    long incarnation();

    AttemptId attempt();

    /** The maximum length of a token, in characters. Longer tokens are refused; the orchestrator never creates one. */
    int TOKEN_CHARACTERS_MAX = 64;

    /**
     * Returns the token that the node repeats in each {@link TaskReport} of the attempt, so that only a reader of this
     * topic can report on the attempt. Empty in simulations, and in commands of orchestrators that gave no token.
     */
    String token();

    /** Returns the same command with this token. */
    NodeCommand withToken(String newToken);

    /**
     * Run this attempt on these GPUs. A node that already knows the attempt ignores the command.
     *
     * @param progressMs the work that an earlier attempt saved, ms at full clock
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

    /** Stop this attempt and report {@link TaskReport.Stopped}, even if the attempt is not (or no longer) running. */
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
