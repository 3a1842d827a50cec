package io.gpuctl.orchestrator.core;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.ReaderVersion;
import org.jspecify.annotations.Nullable;

/**
 * The state of a pool apart from its nodes and tasks.
 *
 * @param sequence sequence of the newest fact, 0 before the first
 * @param lastAtMs time of the newest fact: facts do not go back in time
 * @param settings null before the pool is configured
 * @param readerVersion the version that a program must support to read the pool's facts, and so this state; if absent,
 *     the first version
 */
public record PoolHeader(
        PoolId pool,
        long sequence,
        long lastAtMs,
        @Nullable PoolSettings settings,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) ReaderVersion readerVersion) {
    @SuppressWarnings("NullAway") // Jackson passes null for an absent field
    public PoolHeader {
        readerVersion = readerVersion == null ? ReaderVersion.FIRST : readerVersion;
    }
}
