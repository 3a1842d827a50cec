package io.gpuctl.experiments.workload;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.experiments.trace.Arrival;
import io.gpuctl.simulator.random.Draws;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * A random workload: tasks arrive in a Poisson process, run for log-normal durations, and ask for GPUs in given
 * proportions. Arrivals, durations, GPUs and users are drawn independently.
 *
 * @param tasks number of tasks
 * @param meanGapMs mean time between two arrivals; if 0, all tasks arrive at once
 * @param durations how long tasks run undisturbed
 * @param gpus relative frequencies by number of GPUs; 0.5 is a share of one GPU
 * @param cpuMilliPerGpu CPU that a task asks for with each GPU
 * @param memoryMibPerGpu main memory that a task asks for with each GPU
 * @param users number of users, who submit equally often
 */
public record SyntheticWorkload(
        int tasks,
        long meanGapMs,
        Durations durations,
        Map<BigDecimal, Double> gpus,
        long cpuMilliPerGpu,
        long memoryMibPerGpu,
        int users) {

    /**
     * Log-normal durations: most are short, and a few are so long that they make up most of the work.
     *
     * @param medianMs half of the durations are shorter
     * @param sigma standard deviation of the natural logarithm
     * @param minMs shorter durations become this long
     * @param maxMs longer durations become this long
     */
    public record Durations(long medianMs, double sigma, long minMs, long maxMs) {
        /**
         * The durations of the 82,247 public jobs of Microsoft's Philly clusters (Jeon et al., "Analysis of Large-Scale
         * Multi-Tenant GPU Clusters for DNN Training Workloads", USENIX ATC 2019). The logarithm of their seconds has
         * the mean 6.79 and the standard deviation 2.16; the shortest last a second, the longest 54 days.
         */
        public static final Durations PHILLY = new Durations(890_000, 2.16, 1_000, 54L * 24 * 3_600_000);

        public Durations {
            if (medianMs < 1 || sigma < 0 || minMs < 0 || maxMs < minMs) {
                throw new IllegalArgumentException("Invalid durations: median %d ms, sigma %s, from %d ms to %d ms"
                        .formatted(medianMs, sigma, minMs, maxMs));
            }
        }

        long draw(ZigguratSampler.NormalizedGaussian gaussian) {
            // StrictMath: the last bit may change the rounded milliseconds, so it must be the same on every machine.
            double drawn = medianMs * StrictMath.exp(sigma * gaussian.sample());
            return Math.clamp(Math.round(drawn), minMs, maxMs);
        }
    }

    /** Returns the shares of the Philly jobs by number of GPUs, up to 8. */
    public static Map<BigDecimal, Double> phillyGpus() {
        Map<BigDecimal, Double> mix = new LinkedHashMap<>();
        mix.put(BigDecimal.valueOf(1), 0.935);
        mix.put(BigDecimal.valueOf(2), 0.022);
        mix.put(BigDecimal.valueOf(4), 0.023);
        mix.put(BigDecimal.valueOf(8), 0.020);
        return mix;
    }

    public SyntheticWorkload {
        gpus = Collections.unmodifiableMap(new LinkedHashMap<>(gpus));
        if (tasks < 1 || meanGapMs < 0 || users < 1 || gpus.isEmpty()) {
            throw new IllegalArgumentException(
                    "tasks and users must be 1 or more, meanGapMs 0 or more, and gpus not empty");
        }
    }

    /** Draws the tasks, in the order of arrival. */
    public List<Arrival> draw(long seed) {
        var gaps = ZigguratSampler.Exponential.of(Draws.of(seed, "arrivals"));
        var gaussian = ZigguratSampler.NormalizedGaussian.of(Draws.of(seed, "durations"));
        UniformRandomProvider gpuRandom = Draws.of(seed, "gpus");
        UniformRandomProvider userRandom = Draws.of(seed, "users");
        double total = gpus.values().stream().mapToDouble(Double::doubleValue).sum();
        Map<BigDecimal, GpuRequest> requests = new LinkedHashMap<>();
        gpus.keySet().forEach(count -> requests.put(count, request(count)));
        List<String> names = new ArrayList<>();
        for (int user = 1; user <= users; user++) {
            names.add("user-" + user);
        }
        List<Arrival> arrivals = new ArrayList<>(tasks);
        double atMs = 0;
        for (int number = 1; number <= tasks; number++) {
            long durationMs = durations.draw(gaussian);
            GpuRequest request = Objects.requireNonNull(requests.get(drawGpus(gpuRandom, total)));
            String user = names.get(userRandom.nextInt(users));
            arrivals.add(new Arrival(Math.round(atMs), task("task-" + number, user, request, durationMs)));
            atMs += meanGapMs * gaps.sample();
        }
        return List.copyOf(arrivals);
    }

    private BigDecimal drawGpus(UniformRandomProvider random, double total) {
        double left = random.nextDouble() * total;
        BigDecimal drawn = BigDecimal.ZERO;
        for (Map.Entry<BigDecimal, Double> entry : gpus.entrySet()) {
            drawn = entry.getKey();
            left -= entry.getValue();
            if (left < 0) {
                break;
            }
        }
        return drawn;
    }

    private TaskSpec task(String id, String user, GpuRequest request, long durationMs) {
        return new TaskSpec(
                        new TaskId(id),
                        PoolId.DEFAULT,
                        user,
                        Priority.NORMAL,
                        request,
                        cpuMilliPerGpu * request.totalMilli() / GpuRequest.WHOLE,
                        memoryMibPerGpu * request.totalMilli() / GpuRequest.WHOLE,
                        List.of(),
                        TaskSpec.DEFAULT_MAX_ATTEMPTS,
                        Work.lasting(durationMs))
                .overAnyNodes();
    }

    /** Returns a request for whole GPUs, or for a share of one. */
    private static GpuRequest request(BigDecimal gpuCount) {
        int milli = gpuCount.movePointRight(3).intValueExact();
        return milli < GpuRequest.WHOLE && milli > 0
                ? GpuRequest.share(milli, 0)
                : GpuRequest.whole(gpuCount.intValueExact(), 0);
    }
}
