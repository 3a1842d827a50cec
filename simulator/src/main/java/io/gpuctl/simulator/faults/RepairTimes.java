package io.gpuctl.simulator.faults;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeId;
import io.gpuctl.simulator.random.Draws;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/** Draws how long a repair takes of which nobody says so: by the law of its kind, for each node by itself. */
public final class RepairTimes {
    private final FaultLaws laws;
    private final FaultLaws fallback;
    private final long seed;
    private final Map<NodeId, ZigguratSampler.NormalizedGaussian> draws = new LinkedHashMap<>();

    /**
     * @param fallback where {@code laws} has none for a kind
     */
    public RepairTimes(FaultLaws laws, FaultLaws fallback, long seed) {
        this.laws = laws;
        this.fallback = fallback;
        this.seed = seed;
    }

    /** In ms; 0 where neither knows the kind. */
    public long drawMs(NodeId nodeId, FaultKind kind, int xid) {
        RepairLaw law = laws.law(kind, xid)
                .or(() -> fallback.law(kind, xid))
                .map(FaultLaw::repair)
                .orElse(RepairLaw.NOTHING);
        return law.drawMs(draws.computeIfAbsent(
                nodeId, node -> ZigguratSampler.NormalizedGaussian.of(Draws.of(seed, "repairs/" + node))));
    }
}
