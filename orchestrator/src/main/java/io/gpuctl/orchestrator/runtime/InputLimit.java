package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.logging.LogFields;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Skips heartbeats and progress reports that a node sends more often than a healthy node does. A report that starts or
 * ends something is never skipped. So a node that floods its topics costs one check per record, but no decision and no
 * fact.
 *
 * <p>The limit uses the times of the records, not the time of processing: a backlog that waited for an orchestrator is
 * skipped only where it was sent too often. Remembers the {@link #SUBJECTS_MAX} most recent nodes and attempts. Used by
 * one stream thread.
 */
final class InputLimit {
    /** Limit for one node, attempt and kind of report. A simulator sends at most one per second. */
    static final int PER_SECOND = 10;

    static final int BURST = 100;
    private static final int SUBJECTS_MAX = 100_000;
    private static final long MS_EACH = 1_000 / PER_SECOND;
    private static final long WARNING_MS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(InputLimit.class);

    /** The time until which the admitted inputs of each subject use up its rate, ms. */
    private final Map<Subject, Long> paidUntilMs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Subject, Long> eldest) {
            return size() > SUBJECTS_MAX;
        }
    };

    private long passedOver;
    private long nextWarningMs;

    private record Subject(NodeId who, Object what, Class<?> kind, boolean isBelieved) {}

    /**
     * Returns whether the input must be processed.
     *
     * @param isBelieved false for a report that will be refused; such reports do not use up the limit of genuine ones
     * @param sentMs the time of the record, not after now
     */
    boolean admits(PoolInput input, boolean isBelieved, long sentMs) {
        Subject subject = subject(input, isBelieved);
        if (subject == null) {
            return true;
        }
        long paidMs = Math.max(paidUntilMs.getOrDefault(subject, sentMs), sentMs);
        if (paidMs - sentMs >= BURST * MS_EACH) {
            warn(subject, sentMs);
            return false;
        }
        paidUntilMs.put(subject, paidMs + MS_EACH);
        return true;
    }

    private static @Nullable Subject subject(PoolInput input, boolean isBelieved) {
        return switch (input) {
            case TaskReport report ->
                report.recurs()
                        ? new Subject(report.source().nodeId(), report.attempt(), report.getClass(), isBelieved)
                        : null;
            case NodeEvent.Heartbeat e -> new Subject(e.nodeId(), e.incarnation(), e.getClass(), isBelieved);
            case NodeEvent.Registered _, NodeEvent.Faulted _, NodeEvent.GpuRestored _, NodeEvent.ShutDown _ -> null;
            case TaskCommand _ -> null;
            case NodeCondition _ -> null;
        };
    }

    private void warn(Subject subject, long atMs) {
        passedOver++;
        if (atMs >= nextWarningMs) {
            try (var fields = LogFields.of(subject.who)) {
                if (subject.what instanceof AttemptId attempt) {
                    var _ = fields.and(attempt);
                }
                LOG.warn(
                        "Skipped {} reports that repeat more than {} times a second; the last: {} of {}",
                        passedOver,
                        PER_SECOND,
                        subject.kind.getSimpleName(),
                        subject.who);
            }
            passedOver = 0;
            nextWarningMs = atMs + WARNING_MS;
        }
    }
}
