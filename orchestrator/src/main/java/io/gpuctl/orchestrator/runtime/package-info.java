/** The Kafka Streams application around the core: topology, stores, serdes, metrics. A thin layer. */
@NullMarked
package io.gpuctl.orchestrator.runtime;

import org.jspecify.annotations.NullMarked;
