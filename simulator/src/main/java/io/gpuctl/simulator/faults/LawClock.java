package io.gpuctl.simulator.faults;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.simulator.random.Draws;
import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * When one law strikes one node's parts next: each GPU, or the node as a whole. Its random numbers are its own, so that no
 * other law and no other node shifts them.
 */
final class LawClock {
    private final FaultLaw law;
    private final NodeInventory node;
    private final UniformRandomProvider random;
    private final ZigguratSampler.Exponential gaps;
    private final ZigguratSampler.NormalizedGaussian repairs;
    /** By GPU; of a law of nodes there is one. */
    private final long[] nextMs;

    private int first;

    LawClock(FaultLaw law, NodeInventory node, long seed, long startMs) {
        this.law = law;
        this.node = node;
        random = Draws.of(seed, "faults/%s/%s".formatted(node.nodeId(), law.name()));
        gaps = ZigguratSampler.Exponential.of(random);
        repairs = ZigguratSampler.NormalizedGaussian.of(random);
        nextMs = new long[law.isOfGpu() ? node.gpuCount() : 1];
        for (int part = 0; part < nextMs.length; part++) {
            nextMs[part] = startMs + law.failure().drawMs(gaps);
        }
        findFirst();
    }

    long nextAtMs() {
        return nextMs.length == 0 ? FaultPlan.NEVER : nextMs[first];
    }

    /** The next fault; behind it, that part fails again at the earliest when it has been repaired. */
    Fault next() {
        long atMs = nextMs[first];
        long repairMs = law.repair().drawMs(repairs);
        double factor = law.factorMin() + (law.factorMax() - law.factorMin()) * random.nextDouble();
        int gpu = law.isOfGpu() ? first : Fault.WHOLE_NODE;
        nextMs[first] = atMs + repairMs + law.failure().drawMs(gaps);
        findFirst();
        return new Fault(atMs, node.nodeId(), law.kind(), law.xid(), gpu, repairMs, factor);
    }

    private void findFirst() {
        first = 0;
        for (int part = 1; part < nextMs.length; part++) {
            first = nextMs[part] < nextMs[first] ? part : first;
        }
    }

    @Override
    public String toString() {
        return "%s of %s: %s".formatted(law.name(), node.nodeId(), Arrays.toString(nextMs));
    }
}
