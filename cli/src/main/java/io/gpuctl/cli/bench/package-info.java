/** Measures a running cluster from outside, over the same API and topics that any client uses. */
@NullMarked
package io.gpuctl.cli.bench;

import org.jspecify.annotations.NullMarked;
