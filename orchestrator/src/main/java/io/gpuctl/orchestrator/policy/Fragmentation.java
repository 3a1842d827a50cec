package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.TargetWorkload;
import io.gpuctl.orchestrator.core.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how much of a node's free GPU capacity the expected tasks cannot use, on average: the measure F of Weng et
 * al., "Beware of Fragmentation: Scheduling GPU-Sharing Workloads with Fragmentation Gradient Descent", USENIX ATC
 * 2023.
 *
 * <p>R_g is the thousandths left on GPU g, and R is their sum. A kind m of task that the node cannot take at all, or
 * that needs no GPU, can use nothing: F(m) = R. Any other kind cannot use the GPUs with less left than it asks for:
 * F(m) is the sum of R_g over the GPUs with R_g &lt; milli_m. F is the mean of F(m), weighted by the probability of m.
 *
 * <p>Not thread-safe.
 */
public final class Fragmentation {
    private final List<TargetWorkload.Kind> kinds;
    private final long[] cpuMilli;
    private final int[] numGpu;
    private final double[] probability;
    /** Index of the kind's share among {@link #shares}; -1 for a kind that needs no GPU. */
    private final int[] shareOfKind;
    /** The shares of a GPU that the kinds ask for, each share once: many kinds differ only in their CPUs. */
    private final int[] shares;

    /** The kinds that may run on each GPU model. */
    private final Map<String, boolean[]> allowedByModel = new LinkedHashMap<>();

    private final PerNode<Fragments> byNode = new PerNode<>(this::look);
    /** Reused by each call of {@link #after}. */
    private final Fragments foretold;

    /** The free GPU capacity of a node, for each share. */
    private static final class Fragments {
        /** The number of GPUs that have at least as much left as each share. */
        final int[] enough;
        /** The sum of what is left on the GPUs that have less left than each share. */
        final int[] tooLittle;

        int leftMilli;
        long freeCpuMilli;
        boolean[] allowed = {};
        double mean;

        Fragments(int shares) {
            enough = new int[shares];
            tooLittle = new int[shares];
        }
    }

    public Fragmentation(TargetWorkload target) {
        kinds = target.kinds();
        cpuMilli = kinds.stream().mapToLong(TargetWorkload.Kind::cpuMilli).toArray();
        numGpu = kinds.stream().mapToInt(TargetWorkload.Kind::numGpu).toArray();
        probability =
                kinds.stream().mapToDouble(TargetWorkload.Kind::probability).toArray();
        List<Integer> distinct = kinds.stream()
                .filter(kind -> kind.numGpu() > 0)
                .map(TargetWorkload.Kind::gpuMilli)
                .distinct()
                .toList();
        shares = distinct.stream().mapToInt(Integer::intValue).toArray();
        shareOfKind = kinds.stream()
                .mapToInt(kind -> kind.numGpu() == 0 ? -1 : distinct.indexOf(kind.gpuMilli()))
                .toArray();
        foretold = new Fragments(shares.length);
    }

    /** Returns F of the node as it is, in thousandths of a GPU. */
    public double of(Node node) {
        return byNode.of(node).mean;
    }

    /**
     * Returns F of the node if a task also ran there.
     *
     * @param cpuTaken what the task takes of the node's CPUs, thousandths of a core
     * @param gpu one of the GPUs that the task takes; the others have as much left as this one
     * @param gpus number of GPUs that the task takes; if 0, {@code gpu} is ignored
     * @param milliTaken what the task takes of each GPU
     */
    double after(Node node, long cpuTaken, int gpu, int gpus, int milliTaken) {
        Fragments before = byNode.of(node);
        int left = gpus == 0 ? 0 : node.freeMilli(gpu);
        int leftAfter = left - milliTaken;
        for (int share = 0; share < shares.length; share++) {
            boolean wasEnough = left >= shares[share];
            boolean isEnough = leftAfter >= shares[share];
            foretold.enough[share] = before.enough[share] - (wasEnough && !isEnough ? gpus : 0);
            foretold.tooLittle[share] =
                    before.tooLittle[share] + gpus * ((isEnough ? 0 : leftAfter) - (wasEnough ? 0 : left));
        }
        foretold.leftMilli = before.leftMilli - gpus * milliTaken;
        foretold.freeCpuMilli = before.freeCpuMilli - cpuTaken;
        foretold.allowed = before.allowed;
        return mean(foretold);
    }

    private Fragments look(Node node) {
        Fragments fragments = new Fragments(shares.length);
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            int left = node.freeMilli(gpu);
            fragments.leftMilli += left;
            for (int share = 0; share < shares.length; share++) {
                if (left >= shares[share]) {
                    fragments.enough[share]++;
                } else {
                    fragments.tooLittle[share] += left;
                }
            }
        }
        fragments.freeCpuMilli = node.freeCpuMilli();
        fragments.allowed = allowedByModel.computeIfAbsent(node.inventory().gpuModel(), this::allowed);
        fragments.mean = mean(fragments);
        return fragments;
    }

    /** Adds in the order of the kinds: another order would round differently. */
    private double mean(Fragments fragments) {
        double sum = 0;
        for (int kind = 0; kind < shareOfKind.length; kind++) {
            int share = shareOfKind[kind];
            boolean fits = share >= 0
                    && fragments.allowed[kind]
                    && fragments.freeCpuMilli >= cpuMilli[kind]
                    && fragments.enough[share] >= numGpu[kind];
            sum += probability[kind] * (fits ? fragments.tooLittle[share] : fragments.leftMilli);
        }
        return sum;
    }

    private boolean[] allowed(String gpuModel) {
        boolean[] allowed = new boolean[kinds.size()];
        for (int kind = 0; kind < allowed.length; kind++) {
            List<String> models = kinds.get(kind).gpuModels();
            allowed[kind] = models.isEmpty() || models.contains(gpuModel);
        }
        return allowed;
    }
}
