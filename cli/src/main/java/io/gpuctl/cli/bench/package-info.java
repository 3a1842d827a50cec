/**
 * Measures clusters from outside, over the same API and topics that any client uses: {@code load} puts load on a
 * cluster, {@code suite} runs all measurements.
 */
@NullMarked
package io.gpuctl.cli.bench;

import org.jspecify.annotations.NullMarked;
