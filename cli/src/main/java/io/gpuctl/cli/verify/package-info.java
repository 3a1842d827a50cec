/**
 * {@code gpuctl verify}: reads the topics of a cluster up to their current ends, and checks them with
 * {@code io.gpuctl.audit.rules}. One thread.
 */
@NullMarked
package io.gpuctl.cli.verify;

import org.jspecify.annotations.NullMarked;
