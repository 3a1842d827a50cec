package io.gpuctl.simulator.runtime;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskReport;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Limits the rate of recurring reports in wall time. Each report on a checkpoint or pace becomes a fact that is kept
 * forever, though only the newest matters. Tasks may make checkpoints at any rate, and at {@code --speed 30000} all
 * make many.
 *
 * <p>The first report of a kind is sent at once, the next one a second later at the earliest. Until then, only the
 * newest report is held. All nodes of this process together send at most {@link #PER_SECOND} a second, after a burst of
 * {@link #BURST}. A report that ends an attempt is not held; held reports of the attempt are sent before it.
 *
 * <p>Holds at most two reports for each running attempt. For the simulation's thread only.
 */
final class RepeatedReports {
    static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final int PER_SECOND = 50;

    /** Enough for a gang on all nodes that makes a checkpoint at once. */
    static final int BURST = 4_096;

    private static final long NANOS_EACH = PERIOD_NANOS / PER_SECOND;

    private final Consumer<TaskReport> send;
    /** The slots, in the order in which they may send. */
    private final Map<Subject, Slot> slots = new LinkedHashMap<>();

    private final BooleanSupplier isKafkaBehind;
    /**
     * The time at which the budget for all sent reports is full again; the time until then is the used part of the
     * burst.
     */
    private long paidUntilNanos;

    /** {@code isKafkaBehind}: while Kafka is behind, all reports are held. */
    RepeatedReports(long nowNanos, BooleanSupplier isKafkaBehind, Consumer<TaskReport> send) {
        this.isKafkaBehind = isKafkaBehind;
        this.send = send;
        paidUntilNanos = nowNanos;
    }

    private record Subject(NodeId nodeId, AttemptId attempt, Class<? extends TaskReport> kind) {}

    private static final class Slot {
        final long freeAtNanos;

        @Nullable
        TaskReport held;

        Slot(long freeAtNanos) {
            this.freeAtNanos = freeAtNanos;
        }
    }

    /** Sends or holds a report; it replaces a report that was held before. */
    void offer(TaskReport report, long nowNanos) {
        Subject subject = new Subject(report.source().nodeId(), report.attempt(), report.getClass());
        Slot slot = slots.get(subject);
        if (slot != null) {
            slot.held = report;
        } else if (!isKafkaBehind.getAsBoolean() && pay(nowNanos)) {
            slots.put(subject, new Slot(nowNanos + PERIOD_NANOS));
            send.accept(report);
        } else {
            Slot waiting = new Slot(nowNanos);
            waiting.held = report;
            slots.put(subject, waiting);
        }
    }

    /** Sends the held reports that are due. Call this often. */
    void sendDue(long nowNanos) {
        if (isKafkaBehind.getAsBoolean()) {
            return;
        }
        Map<Subject, Slot> renewed = new LinkedHashMap<>();
        Iterator<Map.Entry<Subject, Slot>> bySince = slots.entrySet().iterator();
        while (bySince.hasNext()) {
            Map.Entry<Subject, Slot> first = bySince.next();
            TaskReport held = first.getValue().held;
            if (first.getValue().freeAtNanos - nowNanos > 0 || (held != null && !pay(nowNanos))) {
                break;
            }
            bySince.remove();
            if (held != null) {
                renewed.put(first.getKey(), new Slot(nowNanos + PERIOD_NANOS));
                send.accept(held);
            }
        }
        slots.putAll(renewed);
    }

    /** Sends the report that ends an attempt on a node. Held reports go first, or are dropped if it completed. */
    void endWith(TaskReport end) {
        NodeId nodeId = end.source().nodeId();
        if (end instanceof TaskReport.Completed) {
            slots.remove(new Subject(nodeId, end.attempt(), TaskReport.Progressed.class));
            slots.remove(new Subject(nodeId, end.attempt(), TaskReport.Checkpointed.class));
        } else {
            release(nodeId, end.attempt());
        }
        send.accept(end);
    }

    /** Sends the held reports of an attempt on a node at once, as later reports depend on them. */
    void release(NodeId nodeId, AttemptId attempt) {
        release(new Subject(nodeId, attempt, TaskReport.Progressed.class));
        release(new Subject(nodeId, attempt, TaskReport.Checkpointed.class));
    }

    private void release(Subject subject) {
        Slot slot = slots.remove(subject);
        if (slot != null && slot.held != null) {
            send.accept(slot.held);
        }
    }

    /** Takes one from a budget that grows by one every {@link #NANOS_EACH}, up to the burst. */
    private boolean pay(long nowNanos) {
        long paidNanos = paidUntilNanos - nowNanos > 0 ? paidUntilNanos : nowNanos;
        if (paidNanos - nowNanos >= BURST * NANOS_EACH) {
            return false;
        }
        paidUntilNanos = paidNanos + NANOS_EACH;
        return true;
    }
}
