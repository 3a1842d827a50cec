/**
 * The commands that ask a running cluster, over REST and nothing else: {@code submit}, {@code get}, {@code describe},
 * {@code cancel}. They know no Kafka, so they work from any machine that reaches the API.
 */
@NullMarked
package io.gpuctl.cli.client;

import org.jspecify.annotations.NullMarked;
