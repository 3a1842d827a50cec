/**
 * What a request says: the fields of a body, the parameters of a query, the place in a listing. Every class reports all
 * that is wrong as one {@link io.gpuctl.api.problem.Problem}. Event loops call these classes; nothing here blocks.
 */
@NullMarked
package io.gpuctl.api.request;

import org.jspecify.annotations.NullMarked;
