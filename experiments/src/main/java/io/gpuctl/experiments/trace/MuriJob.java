package io.gpuctl.experiments.trace;

import java.util.List;

/**
 * A row of a Muri job trace, its numbers as they stand there: the published experiments compute with them in double
 * arithmetic, and come out to the last digit only from these.
 *
 * @param gpus whole GPUs
 * @param submitMs ms from the start of the trace
 * @param iterations that the job makes
 * @param model the network that it trains: vgg16, bert, ...
 * @param durationMs about {@code iterations} times {@code iterationTimeMs}
 * @param intervalMs from the job before, where the trace was taken from
 * @param iterationTimeMs of one iteration when the job runs alone
 * @param resourceTimesMs three times within an iteration: on GPU, CPU and network or I/O, as Muri uses them
 * @param priority drawn at random: 0 has its resources guaranteed, 1 runs when there is room
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
