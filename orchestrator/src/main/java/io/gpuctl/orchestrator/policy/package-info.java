/**
 * The scheduling policies: the order in which tasks are considered, and the GPUs on which they are placed.
 *
 * <p>A placement is a {@link io.gpuctl.orchestrator.policy.Scorer}, which rates one node, in a
 * {@link io.gpuctl.orchestrator.policy.RankedPlacement}, which finds the best one.
 * {@link io.gpuctl.orchestrator.policy.Policies} lists all policies by name.
 *
 * <p>Pure, like the core, and called on its thread: a documented order breaks ties, and random draws come from a seed.
 */
@NullMarked
package io.gpuctl.orchestrator.policy;

import org.jspecify.annotations.NullMarked;
