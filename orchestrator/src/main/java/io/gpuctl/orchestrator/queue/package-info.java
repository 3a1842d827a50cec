/**
 * How the queues of a pool share its nodes: the fair share of each queue, what each has recently used, and whose turn
 * it is.
 *
 * <p>Pure, like the core, and called on its thread: shares are whole numbers, a documented order breaks ties, and
 * exponentials come from {@link StrictMath}. Knows neither the core nor the policies.
 */
@NullMarked
package io.gpuctl.orchestrator.queue;

import org.jspecify.annotations.NullMarked;
