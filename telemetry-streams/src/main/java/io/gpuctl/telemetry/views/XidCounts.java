package io.gpuctl.telemetry.views;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpuctl.events.ClusterEvent;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The number of driver errors of each kind on each GPU of a node since the node registered.
 *
 * @param byGpu by index of the GPU, -1 for the whole node, and by error number
 * @param partial whether errors from before this program counted them may be missing
 */
public record XidCounts(
        SortedMap<Integer, SortedMap<Integer, Long>> byGpu,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean partial) {
    /** Limit on the distinct errors; further error numbers count as {@link #OTHER}. */
    public static final int DISTINCT_MAX = 256;

    public static final int OTHER = 0;

    /** The counts of a newly registered node. */
    public static final XidCounts NONE = new XidCounts(new TreeMap<>(), false);

    /** The counts of a node that registered before errors were counted. */
    static final XidCounts PARTIAL = new XidCounts(new TreeMap<>(), true);

    public XidCounts {
        SortedMap<Integer, SortedMap<Integer, Long>> copy = new TreeMap<>();
        byGpu.forEach((gpu, counts) -> copy.put(gpu, Collections.unmodifiableSortedMap(new TreeMap<>(counts))));
        byGpu = Collections.unmodifiableSortedMap(copy);
    }

    XidCounts after(ClusterEvent.NodeFaulted fault) {
        if (fault.xid() == 0) {
            return this;
        }
        SortedMap<Integer, SortedMap<Integer, Long>> more = new TreeMap<>(byGpu);
        SortedMap<Integer, Long> ofGpu = new TreeMap<>(of(fault.gpu()));
        boolean isKnown = ofGpu.containsKey(fault.xid());
        ofGpu.merge(isKnown || distinct() < DISTINCT_MAX ? fault.xid() : OTHER, 1L, Long::sum);
        more.put(fault.gpu(), ofGpu);
        return new XidCounts(more, partial);
    }

    private int distinct() {
        return byGpu.values().stream().mapToInt(Map::size).sum();
    }

    /** Returns the counts of a GPU by error number; empty if it had no errors. */
    public SortedMap<Integer, Long> of(int gpu) {
        return byGpu.getOrDefault(gpu, new TreeMap<>());
    }
}
