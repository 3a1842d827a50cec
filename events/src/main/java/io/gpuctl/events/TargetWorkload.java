package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mix of tasks that a pool is expected to serve. A policy that avoids fragmentation measures fragmentation against
 * this mix. The mix says which kinds of tasks come, not how many tasks.
 *
 * @param kinds the kinds, in the order in which sums over them are computed
 */
public record TargetWorkload(@JsonValue List<Kind> kinds) {
    /** The maximum number of kinds: each kind costs time in every decision. */
    public static final int KINDS_MAX = 1_000;

    /** The maximum number of GPU models that all kinds together may name: the workload is part of a fact. */
    public static final int MODELS_MAX = 4_096;

    public static final TargetWorkload EMPTY = new TargetWorkload(List.of());

    /** The share of the tasks that the kinds of {@link #of} cover, in hundredths. */
    private static final long COVERED_PERCENT = 95;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public TargetWorkload {
        kinds = List.copyOf(Check.maxSize("policy.target_workload", kinds, KINDS_MAX));
        int models = kinds.stream().mapToInt(kind -> kind.gpuModels().size()).sum();
        Check.inRange("policy.target_workload.gpu_models", models, 0, MODELS_MAX);
    }

    /**
     * Tasks that ask for the same resources.
     *
     * @param cpuMilli thousandths of a CPU core
     * @param gpuMilli thousandths of each GPU; 0 if {@code numGpu} is 0
     * @param numGpu number of GPUs; 0 for a task that needs none
     * @param gpuModels models that it may run on; empty for any
     * @param probability share of the tasks, from 0 to 1
     */
    public record Kind(long cpuMilli, int gpuMilli, int numGpu, List<String> gpuModels, double probability) {
        @SuppressWarnings("NullAway") // Jackson passes null for an absent field: no models mean any model
        public Kind {
            Check.inRange("policy.target_workload.cpu_milli", cpuMilli, 0L, TaskSpec.CPU_MILLI_MAX);
            Check.inRange("policy.target_workload.num_gpu", numGpu, 0, GpuRequest.MAX_COUNT);
            Check.inRange(
                    "policy.target_workload.gpu_milli",
                    gpuMilli,
                    numGpu == 0 ? 0 : 1,
                    numGpu == 0 ? 0 : GpuRequest.WHOLE);
            gpuModels = Check.texts(
                    "policy.target_workload.gpu_models",
                    gpuModels == null ? List.of() : gpuModels,
                    TaskSpec.MODELS_MAX,
                    NodeInventory.GPU_MODEL_LENGTH_MAX);
            Check.inRange("policy.target_workload.probability", probability, 0, 1);
        }
    }

    /** The request that the tasks of a kind have in common. */
    private record Request(long cpuMilli, int gpuMilli, int numGpu, List<String> gpuModels)
            implements Comparable<Request> {
        private static final Comparator<Request> ORDER = Comparator.comparingLong(Request::cpuMilli)
                .thenComparingInt(Request::gpuMilli)
                .thenComparingInt(Request::numGpu)
                .thenComparing(request -> String.join("|", request.gpuModels()));

        static Request of(TaskSpec task) {
            return new Request(task.cpuMilli(), task.gpus().milli(), task.gpus().count(), task.gpuModels());
        }

        Kind withProbability(double probability) {
            return new Kind(cpuMilli, gpuMilli, numGpu, gpuModels, probability);
        }

        @Override
        public int compareTo(Request other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * Returns the mix of a workload's tasks as Weng et al. define it ("Beware of Fragmentation", USENIX ATC 2023): the
     * most frequent kinds, as few as make up 95 % of the tasks. On a tie, the kind that asks for more comes first.
     */
    public static TargetWorkload of(Collection<TaskSpec> tasks) {
        List<Map.Entry<Request, Integer>> counts = counts(tasks);
        int covering = 0;
        long covered = 0;
        while (covered * 100 < tasks.size() * COVERED_PERCENT) {
            covered += counts.get(covering).getValue();
            covering++;
        }
        List<Kind> kinds = new ArrayList<>(covering);
        for (Map.Entry<Request, Integer> entry : counts.subList(0, covering)) {
            kinds.add(entry.getKey().withProbability((double) entry.getValue() / covered));
        }
        return new TargetWorkload(kinds);
    }

    private static List<Map.Entry<Request, Integer>> counts(Collection<TaskSpec> tasks) {
        Map<Request, Integer> counts = new LinkedHashMap<>();
        tasks.forEach(task -> counts.merge(Request.of(task), 1, Integer::sum));
        List<Map.Entry<Request, Integer>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Map.Entry.<Request, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey())
                .reversed());
        return sorted;
    }

    public boolean isEmpty() {
        return kinds.isEmpty();
    }

    static TargetWorkload orEmpty(@Nullable TargetWorkload given) {
        return given == null ? EMPTY : given;
    }
}
