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
 * Limits by wall time how often nodes repeat themselves. Each checkpoint and each word on an attempt's pace becomes a fact,
 * which is kept for ever, and only the newest matters: a task may make checkpoints as often as it likes, and at {@code
 * --speed 30000} all do.
 *
 * <p>The first report of a kind goes out at once, the next one a second later at the earliest; of those in between the
 * newest is held until then. All nodes of this process together send no more than {@link #PER_SECOND} a second, after a
 * burst of {@link #BURST}. What ends an attempt is not held, and has what is held of the attempt sent before it.
 *
 * <p>It holds at most two reports for each attempt that runs. Of the simulation's thread alone.
 */
final class RepeatedReports {
    static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final int PER_SECOND = 50;

    /** A gang over all nodes that saves its work at one moment. */
    static final int BURST = 4_096;

    private static final long NANOS_EACH = PERIOD_NANOS / PER_SECOND;

    private final Consumer<TaskReport> send;
    /** The one that may speak first comes first. */
    private final Map<Subject, Slot> slots = new LinkedHashMap<>();

    private final BooleanSupplier isKafkaBehind;
    /** When all that was sent is paid for; what lies ahead of now is the part of the burst that is used up. */
    private long paidUntilNanos;

    /** {@code isKafkaBehind}: while it does not take what was sent, all is held. */
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

    /** Sends it, or holds it; one that was held before is forgotten. */
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

    /** Sends what is due. To be called often. */
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

    /** The attempt has ended on a node, and this says how: what is held goes out before, if anybody asks for it now. */
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

    /** Sends at once what is held of an attempt on a node: what follows depends upon it. */
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

    /** A budget that fills by one each {@link #NANOS_EACH}, up to the burst. */
    private boolean pay(long nowNanos) {
        long paidNanos = paidUntilNanos - nowNanos > 0 ? paidUntilNanos : nowNanos;
        if (paidNanos - nowNanos >= BURST * NANOS_EACH) {
            return false;
        }
        paidUntilNanos = paidNanos + NANOS_EACH;
        return true;
    }
}
