/**
 * The form of a submitted task: its named fields, with their kinds, limits, defaults and words. The API parses,
 * compares and shows tasks by this form; its OpenAPI description, the bodies that the command line posts, and the
 * fields that a workload file may have come from the form too.
 *
 * <p>Everything here is pure and, except for a {@link io.gpuctl.events.form.FieldSource}, immutable. The package
 * depends on the records of {@code io.gpuctl.events}, but not on JSON: a caller wraps its document in a
 * {@code FieldSource}.
 */
@NullMarked
package io.gpuctl.events.form;

import org.jspecify.annotations.NullMarked;
