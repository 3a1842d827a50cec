/**
 * The Kafka Streams app around the core: topology, stores, serdes, metrics. Thin.
 */
@NullMarked
package io.gpuctl.orchestrator.runtime;

import org.jspecify.annotations.NullMarked;
