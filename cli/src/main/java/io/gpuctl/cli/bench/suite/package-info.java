/**
 * The measurements of {@code gpuctl bench suite}, each on processes of its own, and what they found.
 *
 * <p>Called on the thread of the command. The child processes end with the command: at its end, on a failure and on
 * Ctrl-C.
 */
@NullMarked
package io.gpuctl.cli.bench.suite;

import org.jspecify.annotations.NullMarked;
