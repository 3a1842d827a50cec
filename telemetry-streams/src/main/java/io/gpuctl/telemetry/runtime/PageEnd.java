package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The end of a page of tasks, nodes or facts: at its limit, or earlier, once its entries have {@link #ALLOCATIONS_MAX}
 * allocations. A gang or a node may have 4,096, and a thousand of them would be a gigabyte.
 */
public final class PageEnd {
    public static final int ALLOCATIONS_MAX = 16_384;

    private PageEnd() {}

    /** Returns the entries up to the end of the page, and consumes no others. */
    public static <V> List<V> cut(Iterator<V> entries, int limit, ToIntFunction<V> allocations) {
        List<V> page = new ArrayList<>();
        int sum = 0;
        while (page.size() < limit && sum < ALLOCATIONS_MAX && entries.hasNext()) {
            V entry = entries.next();
            page.add(entry);
            sum += allocations.applyAsInt(entry);
        }
        return page;
    }

    public static int allocationCount(Fact fact) {
        return fact.event() instanceof ClusterEvent.TaskPlaced placed
                ? placed.allocations().size()
                : 0;
    }

    /** Returns whether more entries may follow the page. */
    public static <V> boolean isFull(List<V> page, int limit, ToIntFunction<V> allocations) {
        return page.size() >= limit || page.stream().mapToInt(allocations).sum() >= ALLOCATIONS_MAX;
    }
}
