package io.gpuctl.cli.trace;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.experiments.trace.Arrival;
import java.util.List;

/**
 * The key figures of a workload.
 *
 * @param users the number of different users
 */
record TraceSummary(int tasks, long users, Gpus gpus, Durations durations) {

    /**
     * The GPU requests of the tasks, in thousandths of a GPU.
     *
     * @param milliTotal the sum over all tasks
     * @param milliMax the largest request
     * @param tasksWithout the number of tasks that need no GPU
     * @param tasksWithShare the number of tasks that need less than one GPU
     * @param milliMsTotal the sum over all tasks of request times duration
     */
    record Gpus(long milliTotal, long milliMax, long tasksWithout, long tasksWithShare, double milliMsTotal) {

        static Gpus of(List<Arrival> arrivals) {
            long[] milli = arrivals.stream()
                    .mapToLong(arrival -> arrival.task().gpus().totalMilli())
                    .sorted()
                    .toArray();
            long without = countBelow(milli, 1);
            return new Gpus(
                    sum(milli),
                    milli[milli.length - 1],
                    without,
                    countBelow(milli, GpuRequest.WHOLE) - without,
                    arrivals.stream()
                            .map(Arrival::task)
                            .mapToDouble(task -> (double) task.gpus().totalMilli()
                                    * task.work().durationMs())
                            .sum());
        }

        private static long sum(long[] values) {
            long sum = 0;
            for (long value : values) {
                sum += value;
            }
            return sum;
        }

        private static long countBelow(long[] values, long limit) {
            long count = 0;
            for (long value : values) {
                count += value < limit ? 1 : 0;
            }
            return count;
        }

        double gpuHours() {
            return milliMsTotal / GpuRequest.WHOLE / 3_600_000;
        }
    }

    /** The run times of the tasks at full clock. */
    record Durations(long p50Ms, long p95Ms, long maxMs) {

        static Durations of(List<Arrival> arrivals) {
            long[] sorted = arrivals.stream()
                    .mapToLong(arrival -> arrival.task().work().durationMs())
                    .sorted()
                    .toArray();
            return new Durations(percentile(sorted, 50), percentile(sorted, 95), sorted[sorted.length - 1]);
        }

        /** Returns the smallest value that this percentage of the values does not exceed. */
        private static long percentile(long[] sorted, int percent) {
            return sorted[Math.ceilDiv(sorted.length * percent, 100) - 1];
        }
    }

    /** Returns the summary of at least one arrival. */
    static TraceSummary of(List<Arrival> arrivals) {
        return new TraceSummary(
                arrivals.size(),
                arrivals.stream()
                        .map(Arrival::task)
                        .map(TaskSpec::user)
                        .distinct()
                        .count(),
                Gpus.of(arrivals),
                Durations.of(arrivals));
    }
}
