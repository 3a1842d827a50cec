package io.gpuctl.orchestrator.core;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.ReaderVersion;
import org.jspecify.annotations.Nullable;

/**
 * What a pool's state is besides nodes and tasks.
 *
 * @param sequence of the newest fact, 0 before the first
 * @param lastAtMs time of the newest fact: facts do not go back in time
 * @param settings null before the first fact
 * @param readerVersion what a program must know to read the pool's facts, and so this state; absent is the first
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
