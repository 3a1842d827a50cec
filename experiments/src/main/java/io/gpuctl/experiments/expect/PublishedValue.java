package io.gpuctl.experiments.expect;

import io.gpuctl.experiments.result.Metric;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A published value.
 *
 * @param policy the policy's name in the publication
 * @param at arrived load in %; null for a value of the whole run
 * @param value with as many digits as were published
 */
public record PublishedValue(
        String workload,
        String policy,
        Metric metric,
        @Nullable Integer at,
        BigDecimal value) {}
