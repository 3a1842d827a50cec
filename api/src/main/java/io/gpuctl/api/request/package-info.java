/**
 * Reads requests: the fields of a body, the parameters of a query, the place in a listing. Reports errors as a
 * {@link io.gpuctl.api.problem.Problem}. Event loops call these classes; nothing here blocks.
 */
@NullMarked
package io.gpuctl.api.request;

import org.jspecify.annotations.NullMarked;
