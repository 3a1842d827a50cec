/** {@code gpuctl trace}: what is in a workload file, and conversion into the project's own format. Knows no cluster. */
@NullMarked
package io.gpuctl.cli.trace;

import org.jspecify.annotations.NullMarked;
