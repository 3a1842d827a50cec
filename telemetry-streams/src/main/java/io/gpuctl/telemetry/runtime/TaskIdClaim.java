package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.PoolId;
import org.jspecify.annotations.Nullable;

/**
 * Whose a task id is.
 *
 * @param claimant the pool that may have it; null if nobody has claimed it
 * @param claimsEver how many ids were claimed in this cluster: 0 where only {@link PoolId#DEFAULT} was ever used
 */
public record TaskIdClaim(@Nullable PoolId claimant, long claimsEver) {}
