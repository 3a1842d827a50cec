package io.gpuctl.telemetry.views;

import io.gpuctl.events.NodeState;
import org.jspecify.annotations.Nullable;

/**
 * For how long GPUs were out of service for a fault, and how long it took until they were back; see {@link Outage}. A repair
 * is a node that was out as a whole and is in service again, or a GPU that did not work and does again, also beside its
 * node. What a node is shut down with is not repaired by that, nor by its next start. Times are ms of cluster time.
 *
 * @param outGpus how many GPUs are out of service
 * @param outGpuMs how long GPUs were, summed over them, up to {@code bookedAtMs}
 * @param bookedAtMs when the number of GPUs that are out changed last
 * @param repairs how many there were
 * @param repairMs what they took, summed over them
 */
public record ServiceTotals(int outGpus, long outGpuMs, long bookedAtMs, long repairs, long repairMs) {
    /** Before anything broke. */
    public static final ServiceTotals NONE = new ServiceTotals(0, 0, 0, 0, 0);

    private static final double MS_PER_SECOND = 1_000;

    /**
     * After a fact about a node.
     *
     * @param was the node before it; null if it is new
     * @param is the node after it; null if it is another pool's from then on
     */
    public ServiceTotals after(@Nullable NodeRecord was, @Nullable NodeRecord is, long atMs) {
        int change = outGpus(is) - outGpus(was);
        // Who leaves a pool does so at another pool's time.
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

    /** The time that was not is not counted. */
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

    /** For how long GPUs were out of service until then, summed over them; a time before the last change counts as that. */
    public long outGpuMs(long nowMs) {
        return outGpuMs + outGpus * Math.max(0, nowMs - bookedAtMs);
    }

    /** Both together, of two pools. */
    public ServiceTotals plus(ServiceTotals other) {
        long atMs = Math.max(bookedAtMs, other.bookedAtMs);
        return new ServiceTotals(
                outGpus + other.outGpus,
                outGpuMs(atMs) + other.outGpuMs(atMs),
                atMs,
                repairs + other.repairs,
                repairMs + other.repairMs);
    }

    /** Mean time from when GPUs were taken out of service to their return, s; null if none has returned yet. */
    public @Nullable Double mttrSeconds() {
        return repairs == 0 ? null : repairMs / MS_PER_SECOND / repairs;
    }

    /** Equals what need not be stored. */
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
