package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** What a node saw of an attempt. Topic {@code task-reports}, written by nodes. */
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
     * What the attempt has drawn on this node's GPUs from its start there to its end, mJ; 0 of a report that is not of an
     * end, of an attempt whose end was reported before, and of a node that does not say.
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

    /** Whether the attempt is over on this node, so that it reports nothing more of it. */
    default boolean endsAttempt() {
        return switch (this) {
            case Completed _, Failed _, Stopped _, Faulted _ -> true;
            case Started _, Progressed _, Checkpointed _ -> false;
        };
    }

    /** Whether nodes send such reports again and again while the attempt runs, so that only the newest matters. */
    default boolean recurs() {
        return switch (this) {
            case Progressed _, Checkpointed _ -> true;
            case Started _, Completed _, Failed _, Stopped _, Faulted _ -> false;
        };
    }

    /** Whether an older report of the same node says nothing that this one does not. */
    default boolean supersedes(TaskReport older) {
        return recurs() && older.getClass() == getClass() && older.attempt().equals(attempt());
    }

    /**
     * Which node reports.
     *
     * @param incarnation see {@link NodeEvent.Registered}
     * @param token that of the command that gave the node the attempt, or had it stop it: it shows that this node speaks.
     *     Empty if the command had none
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

        /** As it speaks of the attempt that this command is about. */
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
     * The attempt goes on.
     *
     * @param progressMs work done so far, ms at full clock
     * @param paceMilli work that this node's GPUs could do since the previous such report, whether or not other nodes of
     *     a gang held them up, in thousandths of what they could at full clock; {@link #FULL_PACE_MILLI} if the node does not say
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

        /** Above the full pace by what a clock of whole ms may be off, and by what a boost may add. */
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

        /** As it is read: a pace that is absent is not 0, which would be a node that stands still. */
        @JsonCreator
        static Progressed read(
                @JsonProperty("source") Source source,
                @JsonProperty("attempt") AttemptId attempt,
                @JsonProperty("progress_ms") long progressMs,
                @JsonProperty("pace_milli") @Nullable Integer paceMilli,
                @JsonProperty("at_ms") long atMs) {
            return new Progressed(source, attempt, progressMs, paceMilli == null ? FULL_PACE_MILLI : paceMilli, atMs);
        }

        /** Equals what need not be written. */
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
     * @param exitCode what the program ended with; -1 if the node refused to start it
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
     * The attempt does not run on this node, and will not: the answer to a stop.
     *
     * @param progressMs work done until then and saved, ms at full clock; 0 if the node knows of none
     * @param lostMs work done until then and not saved, ms at full clock; 0 if the node knows of none
     * @param energyMj see {@link TaskReport#energyMj}
     */
    record Stopped(
            Source source,
            AttemptId attempt,
            // Nodes that save nothing write no such field.
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
     * Hardware of this node ended the attempt: that is not the task's fault.
     *
     * @param gpu index of the GPU, -1 if it is the node
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
