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
 * Passes over what a node repeats more often than a sound one does: heartbeats, and how far an attempt is. What begins or ends
 * something is never passed over. A node that floods its topics costs a look at each record then, and no decision and no
 * fact.
 *
 * <p>By the times of the records, not by when they are processed: of what waited for an orchestrator nothing is passed over
 * that was not sent too often. Remembers the {@link #SUBJECTS_MAX} nodes and attempts that spoke last. Of one stream thread.
 */
final class InputLimit {
    /** Of one node, attempt and kind. A simulator sends at most one. */
    static final int PER_SECOND = 10;

    static final int BURST = 100;
    private static final int SUBJECTS_MAX = 100_000;
    private static final long MS_EACH = 1_000 / PER_SECOND;
    private static final long WARNING_MS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(InputLimit.class);

    /** When all that was let through is paid for, ms. */
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
     * Whether the input is to be processed.
     *
     * @param isBelieved false of a report that will be refused: those do not use up what the true ones may send
     * @param sentMs the time of its record, not after now
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
                        "Passed over {} reports that repeat more often than {} times a second; the last: {} of {}",
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
