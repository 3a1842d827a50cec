/**
 * The REST service: takes task commands, and answers from the materialized views.
 *
 * <p>Knows events and telemetry-streams only.
 */
@NullMarked
package io.gpuctl.api;

import org.jspecify.annotations.NullMarked;
