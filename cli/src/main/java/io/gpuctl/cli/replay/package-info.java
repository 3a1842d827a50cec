/**
 * {@code gpuctl replay}: makes the decisions of a recorded log again with {@code io.gpuctl.audit.redo}, or runs the
 * recorded workload under another policy with {@code io.gpuctl.experiments.whatif}. Needs no Kafka. One thread.
 */
@NullMarked
package io.gpuctl.cli.replay;

import org.jspecify.annotations.NullMarked;
