package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.PoolId;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a task id.
 *
 * @param claimant pool that may use the id; null if no pool has claimed it
 * @param claimsEver number of ids ever claimed in this cluster; 0 if only {@link PoolId#DEFAULT} was ever used
 */
public record TaskIdClaim(@Nullable PoolId claimant, long claimsEver) {}
