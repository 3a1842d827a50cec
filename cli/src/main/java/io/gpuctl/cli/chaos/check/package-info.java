/**
 * An independent check of a cluster's log: a second reader of the topics that shares no code with the orchestrator, the
 * views or {@code gpuctl verify}. It knows Kafka's consumer and JSON trees, and nothing else of this program; {@code
 * ArchitectureTest} holds that. What two readers that were written apart agree on is not a mistake of one of them.
 *
 * <p>One thread. A fact of a type that this reader does not know is counted in the report, and checked for its sequence only.
 */
@NullMarked
package io.gpuctl.cli.chaos.check;

import org.jspecify.annotations.NullMarked;
