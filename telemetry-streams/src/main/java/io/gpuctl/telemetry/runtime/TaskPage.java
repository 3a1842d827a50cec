package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.TaskState;
import io.gpuctl.telemetry.views.StoreKeys;
import io.gpuctl.telemetry.views.TaskCursor;
import io.gpuctl.telemetry.views.TaskIndex;
import io.gpuctl.telemetry.views.TaskView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Reads one page of a listing. Each partition's index is sorted, so the page is a merge of ranges. */
final class TaskPage {
    private final @Nullable TaskState state;
    private final Views.Order order;
    private final String from;
    private final String to;

    TaskPage(@Nullable TaskState state, @Nullable TaskCursor after, Views.Order order) {
        this.state = state;
        this.order = order;
        String prefix = TaskIndex.prefix(state);
        String key = after == null ? null : TaskIndex.key(state, after);
        boolean oldestFirst = order == Views.Order.OLDEST_FIRST;
        // The next possible key after another is that key followed by the lowest character.
        from = key != null && oldestFirst ? key + "\0" : prefix;
        to = key != null && !oldestFirst ? before(key) : prefix + StoreKeys.LAST;
    }

    /** Returns a bound between a key and the next lower key: no identifier contains {@link StoreKeys#LAST}. */
    private static String before(String key) {
        int last = key.length() - 1;
        return key.substring(0, last) + (char) (key.charAt(last) - 1) + StoreKeys.LAST;
    }

    List<TaskView> read(LocalStores local, int limit) {
        List<ReadOnlyKeyValueStore<String, byte[]>> indexes =
                local.ofPools(state == null || state.isFinal() ? ViewStores.TASK_INDEX : ViewStores.ACTIVE_TASK_INDEX);
        List<ReadOnlyKeyValueStore<String, TaskView>> tasks = local.ofPools(ViewStores.TASKS);
        List<Range> ranges = new ArrayList<>();
        try {
            for (int i = 0; i < indexes.size(); i++) {
                ranges.add(new Range(range(indexes.get(i)), tasks.get(i)));
            }
            return merge(ranges, limit);
        } finally {
            ranges.forEach(range -> range.keys.close());
        }
    }

    private KeyValueIterator<String, byte[]> range(ReadOnlyKeyValueStore<String, byte[]> index) {
        return switch (order) {
            case OLDEST_FIRST -> index.range(from, to);
            case NEWEST_FIRST -> index.reverseRange(from, to);
        };
    }

    private List<TaskView> merge(List<Range> ranges, int limit) {
        Comparator<Range> byKey = Comparator.comparing(range -> range.keys.peekNextKey());
        PriorityQueue<Range> next = new PriorityQueue<>(
                Math.max(1, ranges.size()),
                switch (order) {
                    case OLDEST_FIRST -> byKey;
                    case NEWEST_FIRST -> byKey.reversed();
                });
        ranges.stream().filter(range -> range.keys.hasNext()).forEach(next::add);
        List<TaskView> page = new ArrayList<>();
        int allocations = 0;
        while (page.size() < limit && allocations < PageEnd.ALLOCATIONS_MAX) {
            Range range = next.poll();
            if (range == null) {
                break;
            }
            TaskView view = range.next();
            // The task may have changed its state since the index was read.
            if (view != null && (state == null || view.state() == state)) {
                page.add(view);
                allocations += view.nodeCount();
            }
            if (range.keys.hasNext()) {
                next.add(range);
            }
        }
        return page;
    }

    /** The rest of one partition's range. */
    private record Range(KeyValueIterator<String, byte[]> keys, ReadOnlyKeyValueStore<String, TaskView> tasks) {
        @Nullable
        TaskView next() {
            return tasks.get(TaskIndex.taskId(keys.next().key).value());
        }
    }
}
