package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A queue of a pool, as an operator configured it. Tasks wait in the queues without children, the leaves.
 *
 * @param parent the queue that this queue is a part of; null for a queue at the top
 * @param quota what the queue gets before any queue gets more than its own quota
 * @param weight how the surplus beyond all quotas is divided among the queues of one parent; 0 if this queue gets none
 * @param priority queues of higher priority get surplus first
 * @param limit what the running tasks of the queue may hold at most
 * @param reclaimMinRuntimeMs how long a task of the queue runs before a task of another queue may evict it, ms; null if
 *     the parent says so, and 0 at the top
 * @param preemptMinRuntimeMs the same for tasks of the same queue
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueueSpec(
        QueueName name,
        @Nullable QueueName parent,
        ResourceAmounts quota,
        int weight,
        int priority,
        QueueLimit limit,
        @Nullable Long reclaimMinRuntimeMs,
        @Nullable Long preemptMinRuntimeMs) {
    public static final int WEIGHT_MAX = 1_000_000;
    public static final int PRIORITY_MAX = 1_000_000;

    public QueueSpec {
        Check.present("name", name);
        Check.present("quota", quota);
        Check.inRange("weight", weight, 0, WEIGHT_MAX);
        Check.inRange("priority", priority, -PRIORITY_MAX, PRIORITY_MAX);
        Check.present("limit", limit);
        checkRuntime("reclaim_min_runtime_ms", reclaimMinRuntimeMs);
        checkRuntime("preempt_min_runtime_ms", preemptMinRuntimeMs);
        for (Resource resource : Resource.values()) {
            requireQuotaWithinLimit(resource, quota, limit);
        }
    }

    private static void checkRuntime(String field, @Nullable Long runtimeMs) {
        if (runtimeMs != null) {
            Check.inRange(field, runtimeMs, 0L, Work.MAX_DURATION_MS);
        }
    }

    private static void requireQuotaWithinLimit(Resource resource, ResourceAmounts quota, QueueLimit limit) {
        if (quota.of(resource) > limit.of(resource)) {
            throw new InvalidFieldException(
                    "quota." + resource.field(), quota.of(resource), "at most the limit, " + limit.of(resource));
        }
    }

    /** Returns a queue without a quota, with the weight 1 and without limits. */
    public static QueueSpec of(QueueName name, @Nullable QueueName parent) {
        return new QueueSpec(name, parent, ResourceAmounts.NONE, 1, 0, QueueLimit.NONE, null, null);
    }

    public QueueSpec withQuota(ResourceAmounts newQuota) {
        return new QueueSpec(name, parent, newQuota, weight, priority, limit, reclaimMinRuntimeMs, preemptMinRuntimeMs);
    }

    public QueueSpec withWeight(int newWeight) {
        return new QueueSpec(name, parent, quota, newWeight, priority, limit, reclaimMinRuntimeMs, preemptMinRuntimeMs);
    }

    public QueueSpec withPriority(int newPriority) {
        return new QueueSpec(name, parent, quota, weight, newPriority, limit, reclaimMinRuntimeMs, preemptMinRuntimeMs);
    }

    public QueueSpec withLimit(QueueLimit newLimit) {
        return new QueueSpec(name, parent, quota, weight, priority, newLimit, reclaimMinRuntimeMs, preemptMinRuntimeMs);
    }

    /** Returns the same queue with these minimum runtimes, ms; null where the parent's applies. */
    public QueueSpec withMinRuntimes(@Nullable Long newReclaimMs, @Nullable Long newPreemptMs) {
        return new QueueSpec(name, parent, quota, weight, priority, limit, newReclaimMs, newPreemptMs);
    }
}
