/** The {@code gpuctl} program: every command, including {@code up}, which runs a whole cluster in one process. */
@NullMarked
package io.gpuctl.cli;

import org.jspecify.annotations.NullMarked;
