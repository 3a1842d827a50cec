/**
 * An independent check of a cluster's log: a second reader of the topics that shares no code with the orchestrator, the
 * views or {@code gpuctl verify}. It depends on Kafka's consumer and JSON trees, and on nothing else in this program;
 * {@code ArchitectureTest} enforces that. If two independently written readers agree, a mistake in one of them cannot
 * be the cause.
 *
 * <p>One thread. A fact of a type that this reader does not know is counted in the report; only its sequence number is
 * checked.
 */
@NullMarked
package io.gpuctl.cli.chaos.check;

import org.jspecify.annotations.NullMarked;
