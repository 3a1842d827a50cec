/**
 * {@code gpuctl verify}: reads the topics of a cluster up to where they end now, and lets {@code io.gpuctl.audit.rules}
 * judge them. One thread.
 */
@NullMarked
package io.gpuctl.cli.verify;

import org.jspecify.annotations.NullMarked;
