package io.gpuctl.experiments.result;

import io.gpuctl.events.TaskState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Invented runs that look like real ones. They are seeded, so always the same. */
public final class SampleRuns {

    private static final String EXPERIMENT = "sample";
    private static final BigDecimal LOAD = new BigDecimal("1.3");
    private static final double[] CAPACITY_PERCENT = {92.4, 95.1, 90.6, 88.9, 91.8, 87.3};
    private static final List<String> PACKERS =
            List.of("BestFit", "Fgd", "DotProduct", "GpuClustering", "GpuPacking", "Random");
    private static final List<String> QUEUERS = List.of("Fifo", "Srtf", "Tiresias");

    private SampleRuns() {}

    /** Returns packing and queueing runs of several policies. */
    public static List<RunResult> experiment(int seeds, int tasksPerRun) {
        List<RunResult> runs = new ArrayList<>();
        for (int seed = 42; seed < 42 + seeds; seed++) {
            for (int i = 0; i < PACKERS.size(); i++) {
                runs.add(packing(PACKERS.get(i), CAPACITY_PERCENT[i], seed));
            }
            for (int i = 0; i < QUEUERS.size(); i++) {
                runs.add(queueing(QUEUERS.get(i), i + 1, seed, tasksPerRun));
            }
        }
        return runs;
    }

    private static RunResult packing(String policy, double capacityPercent, int seed) {
        Random random = new Random(31L * seed + policy.length());
        List<MetricValue> metrics = new ArrayList<>();
        double offset = 0.3 * random.nextGaussian();
        for (int at = 0; at <= 130; at++) {
            // A soft minimum of the arrived load and the load that fits.
            double allocated = at - 4 * Math.log1p(Math.exp((at - capacityPercent - offset) / 4));
            double idle = 100 - Math.max(0, allocated);
            double stranded = Math.min(1, Math.pow(at / 110.0, 2) * (104 - capacityPercent) / 12);
            metrics.add(MetricValue.at(at, Metric.ALLOCATED, Math.max(0, allocated)));
            metrics.add(MetricValue.at(at, Metric.FRAGMENTED, idle * stranded));
            metrics.add(MetricValue.at(at, Metric.FRAGMENTED_OF_IDLE, 100 * stranded));
        }
        List<TaskOutcome> tasks = List.of(
                new TaskOutcome("pod-0", "", 0, 0.0, null, null, 1, List.of("node-7"), 0.5, TaskState.RUNNING),
                new TaskOutcome("pod-1", "", 1, null, null, null, 0, List.of(), 8, TaskState.QUEUED));
        metrics.addAll(0, Metrics.untimed(tasks));
        RunKey key = new RunKey(EXPERIMENT, "openb_pod_list_default", policy, LOAD, seed);
        return new RunResult(key, metrics, tasks, List.of(), List.of("All times of the trace are ignored."));
    }

    private static RunResult queueing(String policy, int quickness, int seed, int count) {
        Random random = new Random(seed);
        Utilisation utilisation = new Utilisation(64, 0);
        List<TaskOutcome> tasks = new ArrayList<>();
        double endSeconds = 0;
        for (int i = 0; i < count; i++) {
            double submit = i * 300.0;
            double work = Math.exp(6 + 2 * random.nextGaussian());
            double wait = random.nextInt(3) == 0 ? 0 : Math.exp(8 + 2 * random.nextGaussian()) / quickness;
            endSeconds = Math.max(endSeconds, submit + wait + work);
            tasks.add(new TaskOutcome(
                    "job-" + i,
                    "user-" + i % 5,
                    submit,
                    submit + wait,
                    submit + wait + work,
                    work,
                    1 + random.nextInt(2),
                    List.of("node-" + i % 8),
                    1 << random.nextInt(4),
                    random.nextInt(40) == 0 ? TaskState.FAILED : TaskState.COMPLETED));
            double busy = 64
                    * Math.clamp(
                            0.75 - 0.1 / quickness + 0.2 * Math.sin(i / 200.0) + 0.04 * random.nextGaussian(), 0, 1);
            utilisation.allocated(submit, busy);
            utilisation.power(submit, 4_000 + 280 * busy);
            utilisation.heat(submit, 60 + 20 * busy / 64, (int) (busy / 8));
        }
        utilisation.end(endSeconds);
        RunTotals totals = new RunTotals(
                utilisation.meanAllocatedPercent(),
                100L * quickness,
                12.5 * quickness,
                new RunTotals.Physics(900.0 / quickness, 3.5 / quickness));
        RunKey key = new RunKey(EXPERIMENT, "muri/trace3", policy, null, seed);
        return new RunResult(
                key,
                Metrics.of(tasks, totals),
                tasks,
                utilisation.points(),
                List.of("batch_size has no counterpart and is ignored."));
    }
}
