package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How much of each resource the running tasks of a queue may hold.
 *
 * @param gpuMilli thousandths of a GPU; null for no limit
 * @param cpuMilli thousandths of a CPU core; null for no limit
 * @param memoryMib main memory, MiB; null for no limit
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueueLimit(
        @Nullable Long gpuMilli,
        @Nullable Long cpuMilli,
        @Nullable Long memoryMib) {
    public static final QueueLimit NONE = new QueueLimit(null, null, null);

    public QueueLimit {
        check("limit.gpu_milli", gpuMilli);
        check("limit.cpu_milli", cpuMilli);
        check("limit.memory_mib", memoryMib);
    }

    private static void check(String field, @Nullable Long amount) {
        if (amount != null) {
            Check.inRange(field, amount, 0L, ResourceAmounts.AMOUNT_MAX);
        }
    }

    /** Returns the limit of a resource; {@link Long#MAX_VALUE} if there is none. */
    public long of(Resource resource) {
        Long amount = switch (resource) {
            case GPU -> gpuMilli;
            case CPU -> cpuMilli;
            case MEMORY -> memoryMib;
        };
        return amount == null ? Long.MAX_VALUE : amount;
    }
}
