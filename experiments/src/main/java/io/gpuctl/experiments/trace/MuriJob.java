package io.gpuctl.experiments.trace;

import java.util.List;

/**
 * A row of a Muri job trace, with unrounded numbers: the published experiments compute with these numbers in double
 * arithmetic, and only these numbers reproduce their results to the last digit.
 *
 * @param gpus whole GPUs
 * @param submitMs submission time, ms from the start of the trace
 * @param iterations number of iterations of the job
 * @param model the network that the job trains: vgg16, bert, ...
 * @param durationMs about {@code iterations} times {@code iterationTimeMs}
 * @param intervalMs time since the previous job in the original trace
 * @param iterationTimeMs time of one iteration when the job runs alone
 * @param resourceTimesMs three times within an iteration: on GPU, CPU and network or I/O, as Muri uses them
 * @param priority drawn at random; a job of priority 0 has guaranteed resources, and a job of priority 1 runs when
 *     there is room
 */
public record MuriJob(
        long jobId,
        int gpus,
        double submitMs,
        double iterations,
        String model,
        int batchSize,
        double durationMs,
        double intervalMs,
        double iterationTimeMs,
        List<Double> resourceTimesMs,
        int priority) {

    public MuriJob {
        resourceTimesMs = List.copyOf(resourceTimesMs);
    }
}
