package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.bench.load.SubmissionLoad;
import io.gpuctl.cli.bench.load.SubmissionLoad.Plan;
import io.gpuctl.cli.bench.load.SubmissionLoad.Result;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

final class CapacityMeasurement implements Measurement {
    private static final CapacitySearch SEARCH = new CapacitySearch(400, 25, 12_800, 0.08);
    private static final long PLACED_P99_MAX_MICROS = 500_000;
    private static final int BATCHES_PER_SECOND = 10;
    private static final int TRIALS = 2;

    /** Between two levels: what the level before left behind must not count. */
    private static final Duration LEAD_IN = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "capacity";
    }

    @Override
    public String description() {
        return "The highest rate of tasks at which the p99 from the due time to the placement is at most 500 ms and none is refused:"
                + " of single submissions, and of batches, one every 100 ms. A warm-up"
                + " comes first, and a rate fails if it fails twice. Then the latencies of single submissions at half of their"
                + " capacity.";
    }

    @Override
    public Map<String, Double> measure(Rig rig) throws Exception {
        Duration level = rig.settings().capacityLevel();
        try (var cluster = rig.up()) {
            // A rate that fails is an upper bound, so the search must not begin with a cold cluster.
            run(
                    cluster,
                    Plan.singles(rig.settings().warmupRate(), rig.settings().warmup()));
            int singles = search(rig, cluster, rate -> new Plan(rate, 1, LEAD_IN, level));
            int batches = search(
                    rig, cluster, rate -> new Plan(rate, Math.ceilDiv(rate, BATCHES_PER_SECOND), LEAD_IN, level));
            var figures = new Figures().put("singles_per_s", singles).put("batches_per_s", batches);
            if (singles > 0) {
                int half = Math.ceilDiv(singles, 2);
                figures.put("half_rate_per_s", half)
                        .submissions(
                                "half_",
                                run(
                                        cluster,
                                        new Plan(
                                                half, 1, LEAD_IN, rig.settings().measured())));
            }
            return figures.toMap();
        }
    }

    private static int search(Rig rig, UpCluster cluster, IntFunction<Plan> plan) {
        long endNanos = System.nanoTime() + rig.settings().capacityLimit().toNanos();
        return SEARCH.run(
                rate -> IntStream.range(0, TRIALS).anyMatch(_ -> passes(rig, cluster, plan.apply(rate))),
                () -> System.nanoTime() < endNanos);
    }

    private static boolean passes(Rig rig, UpCluster cluster, Plan plan) {
        Result result = run(cluster, plan);
        long p99 = result.placed().getValueAtPercentile(99);
        boolean passes = p99 <= PLACED_P99_MAX_MICROS && result.refused().isEmpty() && result.missing() == 0;
        rig.say("%,d a second%s: placed p99 %.0f ms, refused %d, not placed %d, load %.2f ms of CPU a task: %s"
                .formatted(
                        plan.rate(),
                        plan.tasksPerRequest() == 1 ? "" : " in batches",
                        p99 / 1e3,
                        result.refusals(),
                        result.missing(),
                        result.cpuMillisATask(),
                        passes ? "passes" : "fails"));
        return passes;
    }

    private static Result run(UpCluster cluster, Plan plan) {
        try (var load = new SubmissionLoad(cluster.api(), cluster.kafka())) {
            return load.run(plan);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("The placements cannot be read: " + e.getCause(), e);
        }
    }
}
