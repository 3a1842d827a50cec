package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.orchestrator.core.Job;
import io.gpuctl.orchestrator.core.PreemptiveOrder;
import java.util.List;
import java.util.Map;

/**
 * Tiresias' discretised two-dimensional least attained service: needs no durations. A job starts in the first of three
 * queues, and moves to the next when its attained GPU-seconds reach the queue's limit; an earlier queue runs before a
 * later one. Gu et al., "Tiresias: A GPU Cluster Manager for Distributed Deep Learning", NSDI 2019; the limits are
 * those of Zhao et al., "Multi-Resource Interleaving for Deep Learning Training", SIGCOMM 2022.
 */
public final class Tiresias implements PreemptiveOrder {
    public static final String NAME = "tiresias";

    private static final double FIRST_DEFAULT = 3_250;
    private static final double SECOND_DEFAULT = 7_200;

    /** The maximum of both limits, GPU-seconds: more than a hundred thousand GPUs for a year. */
    private static final double LIMIT_MAX = 1e13;

    private static final String FIRST_LIMIT = "limit_0_gpu_seconds";
    private static final String SECOND_LIMIT = "limit_1_gpu_seconds";

    static final List<PolicyWeight> WEIGHTS = List.of(
            new PolicyWeight(
                    FIRST_LIMIT, FIRST_DEFAULT, LIMIT_MAX, "service after which a task leaves the first queue"),
            new PolicyWeight(SECOND_LIMIT, SECOND_DEFAULT, LIMIT_MAX, "service after which it leaves the second"));

    private final double[] limits;

    /** Uses the limits of the publication. */
    public Tiresias() {
        this(FIRST_DEFAULT, SECOND_DEFAULT);
    }

    /** Uses the limits of {@link #WEIGHTS}. */
    Tiresias(Map<String, Double> weights) {
        this(weights.getOrDefault(FIRST_LIMIT, FIRST_DEFAULT), weights.getOrDefault(SECOND_LIMIT, SECOND_DEFAULT));
    }

    /** Uses these limits, each in GPU-seconds. */
    public Tiresias(double firstLimit, double secondLimit) {
        if (!(firstLimit > 0 && firstLimit < Double.POSITIVE_INFINITY)) {
            throw new InvalidFieldException("policy.weights." + FIRST_LIMIT, firstLimit, "a number above 0");
        }
        if (!(secondLimit >= firstLimit && secondLimit < Double.POSITIVE_INFINITY)) {
            throw new InvalidFieldException(
                    "policy.weights." + SECOND_LIMIT, secondLimit, "a number from " + firstLimit + " up");
        }
        limits = new double[] {firstLimit, secondLimit};
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean needsDurations() {
        return false;
    }

    public int queues() {
        return limits.length + 1;
    }

    /** Returns whether a job in this queue has reached the queue's limit. */
    public boolean isOver(int queue, Job job) {
        return queue < limits.length && job.attainedSeconds() * job.gpus() >= limits[queue];
    }

    /** Returns the queue for the job's attained service, from 0. */
    public int queueOf(Job job) {
        int queue = 0;
        while (isOver(queue, job)) {
            queue++;
        }
        return queue;
    }

    /**
     * Returns how long a job must have run, in whole seconds, to reach the limit of the queue; {@link #NEVER} for the
     * last queue.
     *
     * @param gpus number of GPUs of the job, above 0
     */
    public double secondsInAll(int queue, double gpus) {
        return queue < limits.length ? Math.ceil(limits[queue] / gpus) : NEVER;
    }

    @Override
    public int compare(Job one, Job other) {
        return Integer.compare(queueOf(one), queueOf(other));
    }

    @Override
    public double secondsToFallBack(Job job) {
        return job.gpus() > 0 ? secondsInAll(queueOf(job), job.gpus()) - job.attainedSeconds() : NEVER;
    }
}
