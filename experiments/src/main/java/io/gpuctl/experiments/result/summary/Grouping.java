package io.gpuctl.experiments.result.summary;

import io.gpuctl.experiments.result.RunResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Groups runs that are added one by one, in the order of their keys. Not thread-safe. */
public final class Grouping {

    private final List<RunGroup> finished = new ArrayList<>();
    private @Nullable GroupBuilder current;

    /** Adds the next run. */
    public void add(RunResult result) {
        if (current != null && current.takes(result.key())) {
            current.add(result);
        } else {
            finishCurrent();
            current = new GroupBuilder(result);
        }
    }

    private void finishCurrent() {
        if (current != null) {
            finished.add(current.build());
            current = null;
        }
    }

    /** Returns the groups of all added runs, in their order. */
    public List<RunGroup> groups() {
        finishCurrent();
        return List.copyOf(finished);
    }
}
