/**
 * What the services measure of the cluster and of themselves: the names, once, and how a service hands its values over. No
 * library of metrics is known here; who serves the values has one.
 */
@NullMarked
package io.gpuctl.events.metrics;

import org.jspecify.annotations.NullMarked;
