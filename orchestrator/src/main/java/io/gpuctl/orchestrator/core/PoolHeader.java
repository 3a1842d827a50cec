package io.gpuctl.orchestrator.core;

import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * What a pool's state is besides nodes and tasks.
 *
 * @param sequence of the newest fact, 0 before the first
 * @param lastAtMs time of the newest fact: facts do not go back in time
 * @param settings null before the first fact
 */
public record PoolHeader(
        PoolId pool, long sequence, long lastAtMs, @Nullable PoolSettings settings) {}
