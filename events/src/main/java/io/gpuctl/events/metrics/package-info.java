/**
 * The metrics of the cluster and of the services: their names, in one place, and how a service passes on its values.
 * This package uses no metrics library; the server of the values does.
 */
@NullMarked
package io.gpuctl.events.metrics;

import org.jspecify.annotations.NullMarked;
