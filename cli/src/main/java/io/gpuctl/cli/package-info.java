/**
 * {@code gpuctl}: every command, and {@code up}, which runs it all in one process.
 */
@NullMarked
package io.gpuctl.cli;

import org.jspecify.annotations.NullMarked;
