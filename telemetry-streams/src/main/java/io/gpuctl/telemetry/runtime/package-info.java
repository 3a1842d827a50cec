/** The Kafka Streams app that materializes the views, and the queries on them. A thin layer. */
@NullMarked
package io.gpuctl.telemetry.runtime;

import org.jspecify.annotations.NullMarked;
