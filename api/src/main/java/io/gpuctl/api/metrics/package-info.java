/**
 * What Prometheus reads: a page for each node, and where these pages are. Event loops call these classes; nothing here blocks.
 */
@NullMarked
package io.gpuctl.api.metrics;

import org.jspecify.annotations.NullMarked;
