package io.gpuctl.telemetry.views;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The usable parts of a node, and the last errors of its GPUs, according to facts. Times are ms of cluster time.
 *
 * @param gpusOut GPUs that are out of service, by index, with reason and time
 * @param cordon absent if the node accepts new tasks
 * @param slowReports number of slow reports in a row
 * @param lastXids last driver error of each GPU since the node registered, by index; -1 is the node
 */
public record NodeUpkeep(
        SortedMap<Integer, GpuOut> gpusOut,
        @Nullable Cordon cordon,
        int slowReports,
        SortedMap<Integer, GpuXid> lastXids) {
    /** The upkeep of a node without faults or a cordon. */
    public static final NodeUpkeep NONE = new NodeUpkeep(new TreeMap<>(), null, 0, new TreeMap<>());

    public NodeUpkeep {
        gpusOut = Collections.unmodifiableSortedMap(new TreeMap<>(gpusOut));
        lastXids = Collections.unmodifiableSortedMap(new TreeMap<>(lastXids));
    }

    /** A GPU that is out of service. */
    public record GpuOut(String detail, long sinceMs) {}

    /** A driver error, see {@link io.gpuctl.events.XidCatalogue}. */
    public record GpuXid(int xid, String detail, long atMs) {}

    /**
     * A cordon: the node accepts no new tasks.
     *
     * @param untilMs when the cordon ends by itself; 0 if an operator or a restart must end it
     * @param drained whether the drain is complete, so that nothing is held on the node
     */
    public record Cordon(
            CordonCause cause, boolean drain, String detail, long sinceMs, long untilMs, boolean drained) {}

    /** Returns the upkeep after a restart: all GPUs are in service until reported otherwise; the cordon stays. */
    NodeUpkeep restarted() {
        return new NodeUpkeep(new TreeMap<>(), cordon, 0, new TreeMap<>());
    }

    /** Returns the upkeep after an event about the node. */
    NodeUpkeep after(ClusterEvent.OfNode event, long atMs) {
        return switch (event) {
            case ClusterEvent.GpuTakenOut out -> {
                SortedMap<Integer, GpuOut> more = new TreeMap<>(gpusOut);
                more.put(out.gpu(), new GpuOut(out.detail(), atMs));
                yield new NodeUpkeep(more, cordon, slowReports, lastXids);
            }
            case ClusterEvent.GpuReturned returned -> {
                SortedMap<Integer, GpuOut> fewer = new TreeMap<>(gpusOut);
                fewer.remove(returned.gpu());
                yield new NodeUpkeep(fewer, cordon, slowReports, lastXids);
            }
            case ClusterEvent.NodeFaulted fault -> faulted(fault, atMs);
            case ClusterEvent.NodeCordoned cordoned -> with(cordoned(cordoned, atMs), 0);
            case ClusterEvent.NodeUncordoned _ -> with(null, 0);
            case ClusterEvent.NodeDrained _ -> cordon == null ? this : with(drained(cordon), slowReports);
            case ClusterEvent.NodeSlow _ -> with(cordon, slowReports + 1);
            case ClusterEvent.NodeOnPace _ -> with(cordon, 0);
            case ClusterEvent.NodeRegistered _,
                    ClusterEvent.NodeConditionChanged _,
                    ClusterEvent.NodeSuspected _,
                    ClusterEvent.NodeRecovered _,
                    ClusterEvent.NodeLost _,
                    ClusterEvent.NodeShutDown _,
                    ClusterEvent.StrayStopped _,
                    ClusterEvent.AllocationReleased _ -> this;
        };
    }

    private NodeUpkeep faulted(ClusterEvent.NodeFaulted fault, long atMs) {
        if (fault.xid() == 0) {
            return this;
        }
        SortedMap<Integer, GpuXid> more = new TreeMap<>(lastXids);
        more.put(fault.gpu(), new GpuXid(fault.xid(), fault.detail(), atMs));
        return new NodeUpkeep(gpusOut, cordon, slowReports, more);
    }

    private NodeUpkeep with(@Nullable Cordon newCordon, int newSlowReports) {
        return new NodeUpkeep(gpusOut, newCordon, newSlowReports, lastXids);
    }

    private Cordon cordoned(ClusterEvent.NodeCordoned event, long atMs) {
        return new Cordon(
                event.cause(),
                event.drain(),
                event.detail(),
                cordon == null ? atMs : cordon.sinceMs(),
                event.untilMs(),
                cordon != null && cordon.drained() && event.drain());
    }

    private static Cordon drained(Cordon before) {
        return new Cordon(before.cause(), before.drain(), before.detail(), before.sinceMs(), before.untilMs(), true);
    }

    /** Equals an upkeep that need not be stored. */
    static final class Nothing {
        @Override
        public boolean equals(@Nullable Object upkeep) {
            return NONE.equals(upkeep);
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}
