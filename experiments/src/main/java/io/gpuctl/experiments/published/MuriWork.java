package io.gpuctl.experiments.published;

import java.util.Map;
import java.util.TreeMap;

/**
 * A job of the Muri experiment. Times are seconds.
 *
 * @param submitSeconds when the job is submitted
 * @param iterations number of iterations of the job
 * @param iterationSeconds duration of one iteration
 * @param overheadSeconds working time that the job loses at every event while it runs
 */
public record MuriWork(
        int id, int gpus, double submitSeconds, long iterations, double iterationSeconds, double overheadSeconds) {
    /** The factor by which the experiment lengthens each measured iteration. */
    private static final double SLOWDOWN = 1.015;

    /** Measured seconds to stop and start a model on 1, 2, 4, 8, 16 and 32 GPUs. */
    private static final Map<String, double[]> OVERHEADS = new TreeMap<>();

    static {
        OVERHEADS.put("vgg16", new double[] {7, 7, 8, 9, 9, 10});
        OVERHEADS.put("vgg19", new double[] {7, 7, 8, 9, 10, 10});
        OVERHEADS.put("resnet18", new double[] {4, 5, 5, 7, 7, 7});
        OVERHEADS.put("shufflenet", new double[] {4, 4, 5, 5, 7, 8});
        OVERHEADS.put("a2c", new double[] {38, 39, 39, 46, 46, 46});
        OVERHEADS.put("dqn", new double[] {5, 5, 6, 6, 8, 8});
    }

    private static final double OTHER_OVERHEAD = 10;

    public MuriWork {
        if (gpus < 1 || iterations < 0 || !(iterationSeconds > 0)) {
            throw new IllegalArgumentException("Job %d is invalid: %d GPUs, %d iterations of %s s"
                    .formatted(id, gpus, iterations, iterationSeconds));
        }
    }

    /** Returns the job of a row of the trace, which has times in ms and its own model names. */
    public static MuriWork of(int id, int gpus, double submitMs, long iterations, double iterationMs, String model) {
        return new MuriWork(
                id, gpus, submitMs / 1000, iterations, iterationMs * SLOWDOWN / 1000, overheadSeconds(model, gpus));
    }

    private static double overheadSeconds(String model, int gpus) {
        for (Map.Entry<String, double[]> entry : OVERHEADS.entrySet()) {
            if (model.startsWith(entry.getKey())) {
                double[] byPower = entry.getValue();
                int power = Integer.SIZE - Integer.numberOfLeadingZeros(gpus - 1);
                return byPower[Math.min(power, byPower.length - 1)];
            }
        }
        return OTHER_OVERHEAD;
    }
}
