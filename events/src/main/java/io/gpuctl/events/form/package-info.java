/**
 * The form of a submitted task: its named fields, with their kinds, limits, defaults and words. The API reads, compares and
 * shows tasks by this form, its OpenAPI description and the command line are made from it, and the workload format names its
 * places. A field that is not here does not exist for users.
 *
 * <p>Everything here is immutable and pure. The package knows records of {@code io.gpuctl.events}, and no JSON: whoever has a
 * document lends it as a {@link io.gpuctl.events.form.FieldSource}.
 */
@NullMarked
package io.gpuctl.events.form;

import org.jspecify.annotations.NullMarked;
