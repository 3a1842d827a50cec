package io.gpuctl.experiments.openmetrics;

import io.gpuctl.events.metrics.Metric;
import java.util.HashSet;
import java.util.Set;

/** Limits the number of attempts that get series, because each attempt has its own series. */
final class AttemptLimit {
    private final int max;
    private final Set<String> known = new HashSet<>();
    private boolean isReached;

    AttemptLimit(int max) {
        this.max = max;
    }

    boolean takes(Metric metric, String... labelValues) {
        int task = metric.labels().indexOf("task");
        if (task < 0) {
            return true;
        }
        String attempt = labelValues[task] + "/" + labelValues[metric.labels().indexOf("attempt")];
        if (known.size() >= max && !known.contains(attempt)) {
            isReached = true;
            return false;
        }
        known.add(attempt);
        return true;
    }

    boolean isReached() {
        return isReached;
    }
}
