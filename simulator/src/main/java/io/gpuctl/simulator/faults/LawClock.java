package io.gpuctl.simulator.faults;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.simulator.random.Draws;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * Draws the faults of one law on one node: on each GPU, or on the node as a whole. It has its own random numbers, so
 * that no other law or node shifts them.
 */
final class LawClock {
    private static final int PEERS_MAX = 2;

    private final FaultLaw law;
    private final NodeInventory node;
    private final UniformRandomProvider random;
    private final ZigguratSampler.Exponential gaps;
    private final ZigguratSampler.NormalizedGaussian repairs;
    /** The next fault of each GPU; a law for whole nodes has one entry. */
    private final long[] nextMs;
    /** The fault rate of each entry of {@link #nextMs}, relative to the mean. */
    private final double[] rates;
    /** The copies of the last fault on other GPUs, in the same millisecond. */
    private final Deque<Fault> onPeers = new ArrayDeque<>();

    private int first;

    /** @param proneness by GPU, see {@link Victims#rate} */
    LawClock(FaultLaw law, NodeInventory node, double[] proneness, long seed, long startMs) {
        this.law = law;
        this.node = node;
        random = Draws.of(seed, "faults/%s/%s".formatted(node.nodeId(), law.name()));
        gaps = ZigguratSampler.Exponential.of(random);
        repairs = ZigguratSampler.NormalizedGaussian.of(random);
        nextMs = new long[law.isOfGpu() ? node.gpuCount() : 1];
        rates = new double[nextMs.length];
        double heat = law.victims().followHeat() ? Victims.HEAT_FACTOR_MAX : 1;
        for (int part = 0; part < nextMs.length; part++) {
            rates[part] = law.isOfGpu() ? heat * law.victims().rate(proneness[part]) : 1;
            nextMs[part] = startMs + gapMs(part);
        }
        findFirst();
    }

    private long gapMs(int part) {
        long meanMs = law.failure().drawMs(gaps);
        return rates[part] == 1 ? meanMs : Math.max(1, Math.round(meanMs / rates[part]));
    }

    long nextAtMs() {
        Fault onPeer = onPeers.peek();
        if (onPeer != null) {
            return onPeer.atMs();
        }
        return nextMs.length == 0 ? FaultPlan.NEVER : nextMs[first];
    }

    /** Returns the next fault. The same part fails again only after its repair, unless the fault depends on heat. */
    Fault next() {
        Fault onPeer = onPeers.poll();
        return onPeer == null ? nextOfItsOwn() : onPeer;
    }

    private Fault nextOfItsOwn() {
        long atMs = nextMs[first];
        long repairMs = law.repair().drawMs(repairs);
        double factor = law.factorMin() + (law.factorMax() - law.factorMin()) * random.nextDouble();
        int gpu = law.isOfGpu() ? first : Fault.WHOLE_NODE;
        boolean followsHeat = law.victims().followHeat();
        double minCelsius = followsHeat ? law.victims().minCelsius(random.nextDouble()) : Double.NEGATIVE_INFINITY;
        var fault = new Fault(atMs, node.nodeId(), law.kind(), law.xid(), gpu, repairMs, factor, minCelsius);
        // A fault that depends on heat may not happen, and then needs no repair. If it happens, a GPU that is out of
        // service cannot fail.
        nextMs[first] = atMs + (followsHeat ? 0 : repairMs) + gapMs(first);
        if (law.victims().peerChance() > 0) {
            reachPeers(fault);
        }
        findFirst();
        return fault;
    }

    private void reachPeers(Fault fault) {
        if (node.gpuCount() < 2 || random.nextDouble() >= law.victims().peerChance()) {
            return;
        }
        int count = Math.min(1 + random.nextInt(PEERS_MAX), node.gpuCount() - 1);
        int distance = 1 + random.nextInt(node.gpuCount() - 1);
        for (int i = 0; i < count; i++) {
            int peer = (fault.gpu() + 1 + (distance - 1 + i) % (node.gpuCount() - 1)) % node.gpuCount();
            onPeers.add(fault.on(peer));
        }
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
