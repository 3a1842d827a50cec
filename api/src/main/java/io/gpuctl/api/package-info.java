/**
 * The REST service: takes task commands, and answers from the materialized views.
 *
 * <p>A Quarkus library: the application is built elsewhere. Resources run on Vert.x event loops and never block.
 * Depends only on events and telemetry-streams.
 *
 * <ul>
 *   <li>{@code problem}: every error, as RFC 9457 describes it
 *   <li>{@code request}: reads bodies, parameters and places in listings
 *   <li>{@code settings}: what can be configured
 *   <li>{@code kafka}: writes commands, and watches the broker
 *   <li>{@code views}: answers from this and the other instances
 *   <li>{@code events}: the live stream of facts
 *   <li>{@code tasks}, {@code nodes}, {@code cluster}, {@code metrics}, {@code docs}, {@code health}: the routes
 * </ul>
 */
@NullMarked
package io.gpuctl.api;

import org.jspecify.annotations.NullMarked;
