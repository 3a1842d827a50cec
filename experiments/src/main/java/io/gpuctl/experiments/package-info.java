/**
 * Experiments: the scheduler's core and the node model in virtual time, with no Kafka in the loop; what they are fed with,
 * and what comes out.
 *
 * <p>One run is one thread's, reads no clock and draws nothing that is not seeded: the same input gives the same bytes.
 */
@NullMarked
package io.gpuctl.experiments;

import org.jspecify.annotations.NullMarked;
