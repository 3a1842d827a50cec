/**
 * A fuzzer for every route of the API and every topic. It discovers both: routes come from {@code /openapi}, records
 * are mutations of the records in the topics.
 */
@NullMarked
package io.gpuctl.cli.chaos.fuzz;

import org.jspecify.annotations.NullMarked;
