package io.gpuctl.telemetry.views;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpuctl.events.ClusterEvent;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often each GPU of a node had each driver error since the node registered.
 *
 * @param byGpu by the GPU's index, -1 for the node as a whole, and by the error's number
 * @param partial whether errors may be missing: those before this program counted them
 */
public record XidCounts(
        SortedMap<Integer, SortedMap<Integer, Long>> byGpu,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean partial) {
    /** As many errors are told apart; of one more, the number counts as {@link #OTHER}. */
    public static final int DISTINCT_MAX = 256;

    public static final int OTHER = 0;

    /** Of a node that has just registered. */
    public static final XidCounts NONE = new XidCounts(new TreeMap<>(), false);

    /** Of a node that registered before errors were counted. */
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

    /** By number; empty if it had none. */
    public SortedMap<Integer, Long> of(int gpu) {
        return byGpu.getOrDefault(gpu, new TreeMap<>());
    }
}
