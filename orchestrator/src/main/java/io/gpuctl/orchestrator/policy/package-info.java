/**
 * The scheduling policies: in which order tasks are considered, and on which GPUs they are placed.
 *
 * <p>Pure, like the core: ties are broken by a documented order, never by chance.
 */
@NullMarked
package io.gpuctl.orchestrator.policy;

import org.jspecify.annotations.NullMarked;
