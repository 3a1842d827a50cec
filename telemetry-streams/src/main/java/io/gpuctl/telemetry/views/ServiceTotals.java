package io.gpuctl.telemetry.views;

import io.gpuctl.events.NodeState;
import org.jspecify.annotations.Nullable;

/**
 * The time that GPUs were out of service because of faults, and the time that repairs took; see {@link Outage}. A
 * repair is the return of a whole node or of a single GPU; both may count at once. A shutdown and the next start after
 * it repair nothing. Times are ms of cluster time.
 *
 * @param outGpus number of GPUs out of service
 * @param outGpuMs time out of service up to {@code bookedAtMs}, summed over GPUs
 * @param bookedAtMs when {@code outGpus} last changed
 * @param repairs number of repairs
 * @param repairMs total time of the repairs
 */
public record ServiceTotals(int outGpus, long outGpuMs, long bookedAtMs, long repairs, long repairMs) {
    /** The totals before the first fault. */
    public static final ServiceTotals NONE = new ServiceTotals(0, 0, 0, 0, 0);

    private static final double MS_PER_SECOND = 1_000;

    /**
     * Returns the totals after a fact about a node.
     *
     * @param was the node before the fact; null if the node is new
     * @param is the node after the fact; null if the node has left the pool
     */
    public ServiceTotals after(@Nullable NodeRecord was, @Nullable NodeRecord is, long atMs) {
        int change = outGpus(is) - outGpus(was);
        // A node leaves this pool at the time of another pool, which may be earlier.
        long bookMs = Math.max(bookedAtMs, atMs);
        ServiceTotals next =
                change == 0 ? this : new ServiceTotals(outGpus + change, outGpuMs(bookMs), bookMs, repairs, repairMs);
        if (was == null || is == null || was.state() == NodeState.DOWN || is.state() == NodeState.DOWN) {
            return next;
        }
        return next.withReturned(was, is, atMs);
    }

    private static int outGpus(@Nullable NodeRecord node) {
        Outage outage = node == null ? null : node.outage();
        return outage == null ? 0 : outage.gpus();
    }

    /** Sets the time back, so that the skipped time is not counted. */
    ServiceTotals setBackTo(long atMs) {
        return new ServiceTotals(outGpus, outGpuMs, Math.min(bookedAtMs, atMs), repairs, repairMs);
    }

    private ServiceTotals withReturned(NodeRecord was, NodeRecord is, long atMs) {
        ServiceTotals next = this;
        Long sinceMs = nodeSinceMs(was);
        if (sinceMs != null && nodeSinceMs(is) == null) {
            next = next.returned(Math.max(0, atMs - sinceMs));
        }
        for (var out : was.upkeep().gpusOut().entrySet()) {
            if (!is.upkeep().gpusOut().containsKey(out.getKey())) {
                next = next.returned(Math.max(0, atMs - out.getValue().sinceMs()));
            }
        }
        return next;
    }

    private static @Nullable Long nodeSinceMs(NodeRecord node) {
        Outage outage = node.outage();
        return outage == null ? null : outage.nodeSinceMs();
    }

    private ServiceTotals returned(long afterMs) {
        return new ServiceTotals(outGpus, outGpuMs, bookedAtMs, repairs + 1, repairMs + afterMs);
    }

    /** Returns the time out of service until {@code nowMs}, or until {@code bookedAtMs} if later, summed over GPUs. */
    public long outGpuMs(long nowMs) {
        return outGpuMs + outGpus * Math.max(0, nowMs - bookedAtMs);
    }

    /** Returns the sum of the totals of two pools. */
    public ServiceTotals plus(ServiceTotals other) {
        long atMs = Math.max(bookedAtMs, other.bookedAtMs);
        return new ServiceTotals(
                outGpus + other.outGpus,
                outGpuMs(atMs) + other.outGpuMs(atMs),
                atMs,
                repairs + other.repairs,
                repairMs + other.repairMs);
    }

    /** Returns the mean time to repair, s; null if there was no repair yet. */
    public @Nullable Double mttrSeconds() {
        return repairs == 0 ? null : repairMs / MS_PER_SECOND / repairs;
    }

    /** Equals totals that need not be stored. */
    static final class Nothing {
        @Override
        public boolean equals(@Nullable Object totals) {
            return NONE.equals(totals);
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}
