package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** A node's report on an attempt. Topic {@code task-reports}, written by nodes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TaskReport.Started.class, name = "started"),
    @JsonSubTypes.Type(value = TaskReport.Progressed.class, name = "progressed"),
    @JsonSubTypes.Type(value = TaskReport.Checkpointed.class, name = "checkpointed"),
    @JsonSubTypes.Type(value = TaskReport.Completed.class, name = "completed"),
    @JsonSubTypes.Type(value = TaskReport.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = TaskReport.Stopped.class, name = "stopped"),
    @JsonSubTypes.Type(value = TaskReport.Faulted.class, name = "faulted"),
})
public sealed interface TaskReport extends PoolInput {
    Source source();

    AttemptId attempt();

    /**
     * Returns the energy that the attempt drew on this node's GPUs from its start there to its end, mJ. It is 0 in a
     * report that does not end the attempt, in a repeated report of an end, and if the node does not say.
     */
    default long energyMj() {
        return 0;
    }

    @Override
    default PoolId pool() {
        return source().pool();
    }

    @Override
    default String key() {
        return attempt().taskId().value();
    }

    /** Returns whether the attempt is over on this node, so that the node reports nothing more about it. */
    default boolean endsAttempt() {
        return switch (this) {
            case Completed _, Failed _, Stopped _, Faulted _ -> true;
            case Started _, Progressed _, Checkpointed _ -> false;
        };
    }

    /**
     * Returns whether nodes send such reports repeatedly while the attempt runs, so that only the newest report
     * matters.
     */
    default boolean recurs() {
        return switch (this) {
            case Progressed _, Checkpointed _ -> true;
            case Started _, Completed _, Failed _, Stopped _, Faulted _ -> false;
        };
    }

    /** Returns whether this report makes an older report of the same node redundant. */
    default boolean supersedes(TaskReport older) {
        return recurs() && older.getClass() == getClass() && older.attempt().equals(attempt());
    }

    /**
     * The node that reports.
     *
     * @param incarnation see {@link NodeEvent.Registered}
     * @param token the token of the command that started or stopped the attempt on the node: it proves that this node
     *     reports. Empty if the command had no token
     */
    record Source(
            PoolId pool,
            NodeId nodeId,
            long incarnation,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String token) {
        @SuppressWarnings("NullAway") // Jackson passes null for an absent field
        public Source {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
            token = token == null ? "" : Check.maxLength("token", token, NodeCommand.TOKEN_CHARACTERS_MAX);
        }

        public Source(PoolId pool, NodeId nodeId, long incarnation) {
            this(pool, nodeId, incarnation, "");
        }

        /** Returns the source of reports on the attempt of this command. */
        public static Source of(NodeCommand command) {
            return new Source(command.pool(), command.nodeId(), command.incarnation(), command.token());
        }
    }

    record Started(Source source, AttemptId attempt, long atMs) implements TaskReport {
        public Started {
            Check.present("source", source);
            Check.present("attempt", attempt);
        }
    }

    /**
     * The attempt makes progress.
     *
     * @param progressMs work done so far, ms at full clock
     * @param paceMilli work that this node's GPUs could do since the previous report of progress, even if other nodes
     *     of a gang held them up, in thousandths of the work at full clock; {@link #FULL_PACE_MILLI} if the node does
     *     not say
     */
    record Progressed(
            Source source,
            AttemptId attempt,
            long progressMs,

            @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = FullPace.class)
            int paceMilli,

            long atMs)
            implements TaskReport {
        public static final int FULL_PACE_MILLI = 1_000;

        /**
         * The maximum pace. It is above the full pace, because a clock in whole ms is inexact and a boost may add to
         * the pace.
         */
        public static final int PACE_MILLI_MAX = 10_000;

        public Progressed {
            Check.present("source", source);
            Check.present("attempt", attempt);
            Check.inRange("progress_ms", progressMs, 0L, Work.MAX_DURATION_MS);
            Check.inRange("pace_milli", paceMilli, 0, PACE_MILLI_MAX);
        }

        public Progressed(Source source, AttemptId attempt, long progressMs, long atMs) {
            this(source, attempt, progressMs, FULL_PACE_MILLI, atMs);
        }

        /**
         * Reads a report from JSON. An absent pace is the full pace, not 0: a pace of 0 means that the node stands
         * still.
         */
        @JsonCreator
        static Progressed read(
                @JsonProperty("source") Source source,
                @JsonProperty("attempt") AttemptId attempt,
                @JsonProperty("progress_ms") long progressMs,
                @JsonProperty("pace_milli") @Nullable Integer paceMilli,
                @JsonProperty("at_ms") long atMs) {
            return new Progressed(source, attempt, progressMs, paceMilli == null ? FULL_PACE_MILLI : paceMilli, atMs);
        }

        /** Equals the pace that JSON omits. */
        static final class FullPace {
            @Override
            public boolean equals(@Nullable Object paceMilli) {
                return paceMilli instanceof Integer number && number == FULL_PACE_MILLI;
            }

            @Override
            public int hashCode() {
                return 1;
            }
        }
    }

    /**
     * The attempt saved its work.
     *
     * @param progressMs work that a later attempt need not do again, ms at full clock
     */
    record Checkpointed(Source source, AttemptId attempt, long progressMs, long atMs) implements TaskReport {
        public Checkpointed {
            Check.present("source", source);
            Check.present("attempt", attempt);
            Check.inRange("progress_ms", progressMs, 0L, Work.MAX_DURATION_MS);
        }
    }

    /**
     * The attempt has done its work.
     *
     * @param energyMj see {@link TaskReport#energyMj}
     */
    record Completed(
            Source source,
            AttemptId attempt,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj,
            long atMs) implements TaskReport {
        public Completed {
            Check.present("source", source);
            Check.present("attempt", attempt);
            Check.inRange("energy_mj", energyMj, 0L, Long.MAX_VALUE);
        }

        public Completed(Source source, AttemptId attempt, long atMs) {
            this(source, attempt, 0, atMs);
        }
    }

    /**
     * The attempt ended without success.
     *
     * @param exitCode the program's exit code; -1 if the node refused to start the program
     * @param energyMj see {@link TaskReport#energyMj}
     */
    record Failed(
            Source source,
            AttemptId attempt,
            int exitCode,
            String message,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj,
            long atMs)
            implements TaskReport {
        public Failed {
            Check.present("source", source);
            Check.present("attempt", attempt);
            Check.maxLength("message", message, 1024);
            Check.inRange("energy_mj", energyMj, 0L, Long.MAX_VALUE);
        }

        public Failed(Source source, AttemptId attempt, int exitCode, String message, long atMs) {
            this(source, attempt, exitCode, message, 0, atMs);
        }
    }

    /**
     * The answer to a stop: the attempt does not run on this node, and will not start.
     *
     * @param progressMs work done until then and saved, ms at full clock; 0 if the node knows of none
     * @param lostMs work done until then and not saved, ms at full clock; 0 if the node knows of none
     * @param energyMj see {@link TaskReport#energyMj}
     */
    record Stopped(
            Source source,
            AttemptId attempt,
            // Nodes that save no work omit this field.
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long progressMs,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long lostMs,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj,
            long atMs)
            implements TaskReport {
        public Stopped {
            Check.present("source", source);
            Check.present("attempt", attempt);
            Check.inRange("progress_ms", progressMs, 0L, Work.MAX_DURATION_MS);
            Check.inRange("lost_ms", lostMs, 0L, Work.MAX_DURATION_MS);
            Check.inRange("energy_mj", energyMj, 0L, Long.MAX_VALUE);
        }

        public Stopped(Source source, AttemptId attempt, long progressMs, long lostMs, long atMs) {
            this(source, attempt, progressMs, lostMs, 0, atMs);
        }

        public Stopped(Source source, AttemptId attempt, long progressMs, long atMs) {
            this(source, attempt, progressMs, 0, atMs);
        }
    }

    /**
     * A hardware fault of this node ended the attempt; it does not count against the task.
     *
     * @param gpu index of the GPU; -1 for a fault of the node
     * @param xid see {@link XidCatalogue}; 0 if there is none
     * @param lostMs work done until then and not saved, ms at full clock
     * @param energyMj see {@link TaskReport#energyMj}
     */
    record Faulted(
            Source source,
            AttemptId attempt,
            int gpu,
            int xid,
            String detail,
            long lostMs,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long energyMj,
            long atMs)
            implements TaskReport {
        public Faulted {
            Check.present("source", source);
            Check.present("attempt", attempt);
            Check.inRange("gpu", gpu, -1, NodeInventory.MAX_GPUS - 1);
            Check.inRange("xid", xid, 0, Xid.NUMBER_MAX);
            Check.maxLength("detail", detail, 1024);
            Check.inRange("lost_ms", lostMs, 0L, Work.MAX_DURATION_MS);
            Check.inRange("energy_mj", energyMj, 0L, Long.MAX_VALUE);
        }

        public Faulted(Source source, AttemptId attempt, int gpu, int xid, String detail, long lostMs, long atMs) {
            this(source, attempt, gpu, xid, detail, lostMs, 0, atMs);
        }
    }
}
