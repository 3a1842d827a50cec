/**
 * Every error that a client sees: {@code application/problem+json} (RFC 9457), never a stack trace and never HTML.
 * Called on event loops; nothing here blocks.
 */
@NullMarked
package io.gpuctl.api.problem;

import org.jspecify.annotations.NullMarked;
