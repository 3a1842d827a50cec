package io.gpuctl.experiments.expect;

import io.gpuctl.experiments.result.Metric;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A value that somebody has published.
 *
 * @param policy as the publication calls it
 * @param at arrived load in %; null for a value of the whole run
 * @param value with as many digits as were published
 */
public record PublishedValue(
        String workload,
        String policy,
        Metric metric,
        @Nullable Integer at,
        BigDecimal value) {}
