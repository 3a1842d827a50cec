package io.gpuctl.simulator.faults;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.Xid;
import io.gpuctl.events.XidCatalogue;
import io.gpuctl.simulator.random.Draws;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/** Draws the repair time of a fault that has none, by the law of its kind and separately for each node. */
public final class RepairTimes {
    private static final int DOUBLE_BIT_ERROR = 48;

    private final FaultLaws laws;
    private final FaultLaws fallback;
    private final long seed;
    private final Map<NodeId, ZigguratSampler.NormalizedGaussian> draws = new LinkedHashMap<>();

    /** @param fallback for a kind that has no law in {@code laws} */
    public RepairTimes(FaultLaws laws, FaultLaws fallback, long seed) {
        this.laws = laws;
        this.fallback = fallback;
        this.seed = seed;
    }

    /** Draws a repair time, ms; 0 if no repair is needed. */
    public long drawMs(NodeInventory node, FaultKind kind, int xid) {
        RepairLaw law = law(kind, xid, node.gpuModel()).orElse(RepairLaw.NOTHING);
        return law.drawMs(draws.computeIfAbsent(
                node.nodeId(), id -> ZigguratSampler.NormalizedGaussian.of(Draws.of(seed, "repairs/" + id))));
    }

    /** Returns the repair law. An error without a law that needs a reset is repaired like a double-bit error. */
    private Optional<RepairLaw> law(FaultKind kind, int xid, String gpuModel) {
        return laws.law(kind, xid, gpuModel)
                .or(() -> fallback.law(kind, xid, gpuModel))
                .or(() -> kind == FaultKind.XID && XidCatalogue.of(xid).action() == Xid.Action.DRAIN_NODE
                        ? fallback.law(FaultKind.XID, DOUBLE_BIT_ERROR, gpuModel)
                        : Optional.empty())
                .map(FaultLaw::repair);
    }
}
