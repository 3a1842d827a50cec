package io.gpuctl.cli.trace;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.experiments.trace.Arrival;
import java.util.List;

/**
 * A workload in numbers.
 *
 * @param users how many different ones there are
 */
record TraceSummary(int tasks, long users, Gpus gpus, Durations durations) {

    /**
     * What the tasks ask for, in thousandths of a GPU.
     *
     * @param milliTotal of all tasks
     * @param milliMax of the largest
     * @param tasksWithout tasks that need none
     * @param tasksWithShare tasks that need less than one
     * @param milliMsTotal each task's times its duration
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

    /** How long the tasks run at full clock. */
    record Durations(long p50Ms, long p95Ms, long maxMs) {

        static Durations of(List<Arrival> arrivals) {
            long[] sorted = arrivals.stream()
                    .mapToLong(arrival -> arrival.task().work().durationMs())
                    .sorted()
                    .toArray();
            return new Durations(percentile(sorted, 50), percentile(sorted, 95), sorted[sorted.length - 1]);
        }

        /** The smallest value that so many percent do not exceed. */
        private static long percentile(long[] sorted, int percent) {
            return sorted[Math.ceilDiv(sorted.length * percent, 100) - 1];
        }
    }

    /** Of one arrival at least. */
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
