/**
 * The commands that are clients of a running cluster: {@code submit}, {@code get}, {@code describe}, {@code cancel}.
 * They use only REST and not Kafka, so they work on any machine that reaches the API.
 */
@NullMarked
package io.gpuctl.cli.client;

import org.jspecify.annotations.NullMarked;
