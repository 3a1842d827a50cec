package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a node saw of an attempt. Topic {@code task-reports}, written by nodes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TaskReport.Started.class, name = "started"),
    @JsonSubTypes.Type(value = TaskReport.Progressed.class, name = "progressed"),
    @JsonSubTypes.Type(value = TaskReport.Checkpointed.class, name = "checkpointed"),
    @JsonSubTypes.Type(value = TaskReport.Completed.class, name = "completed"),
    @JsonSubTypes.Type(value = TaskReport.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = TaskReport.Stopped.class, name = "stopped"),
})
public sealed interface TaskReport extends PoolScoped {
    Source source();

    AttemptId attempt();

    /** When the node saw it, ms of cluster time. */
    long atMs();

    @Override
    default PoolId pool() {
        return source().pool();
    }

    /**
     * Which node reports.
     *
     * @param incarnation see {@link NodeEvent.Registered}
     */
    record Source(PoolId pool, NodeId nodeId, long incarnation) {
        public Source {
            Check.present("pool", pool);
            Check.present("node_id", nodeId);
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
     */
    record Progressed(Source source, AttemptId attempt, long progressMs, long atMs) implements TaskReport {
        public Progressed {
            Check.present("source", source);
            Check.present("attempt", attempt);
            Check.inRange("progress_ms", progressMs, 0L, Work.MAX_DURATION_MS);
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

    record Completed(Source source, AttemptId attempt, long atMs) implements TaskReport {
        public Completed {
            Check.present("source", source);
            Check.present("attempt", attempt);
        }
    }

    /**
     * The attempt ended without success.
     *
     * @param exitCode what the program ended with; -1 if the node refused to start it
     */
    record Failed(Source source, AttemptId attempt, int exitCode, String message, long atMs) implements TaskReport {
        public Failed {
            Check.present("source", source);
            Check.present("attempt", attempt);
            Check.maxLength("message", message, 1024);
        }
    }

    /**
     * The attempt does not run on this node, and will not: the answer to a stop.
     *
     * @param progressMs work done until then and saved, ms at full clock; 0 if the node knows of none
     */
    record Stopped(
            Source source,
            AttemptId attempt,
            // Nodes that save nothing write no such field.
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long progressMs,
            long atMs)
            implements TaskReport {
        public Stopped {
            Check.present("source", source);
            Check.present("attempt", attempt);
            Check.inRange("progress_ms", progressMs, 0L, Work.MAX_DURATION_MS);
        }
    }
}
