/**
 * A fuzzer over every route of the API and every topic. It knows neither by name: routes come from {@code /openapi}, records are
 * mutations of those that are in the topics.
 */
@NullMarked
package io.gpuctl.cli.chaos.fuzz;

import org.jspecify.annotations.NullMarked;
