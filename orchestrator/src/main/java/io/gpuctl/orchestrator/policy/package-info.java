/**
 * The scheduling policies: in which order tasks are considered, and on which GPUs they are placed.
 *
 * <p>A placement is a {@link io.gpuctl.orchestrator.policy.Scorer}, which sees one node, in a {@link
 * io.gpuctl.orchestrator.policy.RankedPlacement}, which finds the best one. {@link
 * io.gpuctl.orchestrator.policy.Policies} has them all by name.
 *
 * <p>Pure, like the core, and called on its thread: ties are broken by a documented order, never by chance, and what is
 * drawn is drawn from a seed.
 */
@NullMarked
package io.gpuctl.orchestrator.policy;

import org.jspecify.annotations.NullMarked;
