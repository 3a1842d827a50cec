/**
 * Questions to the materialized views of all api instances: those of this process directly, the others' over HTTP.
 * Called on event loops; nothing here blocks. An answer is whole, or it is an error.
 */
@NullMarked
package io.gpuctl.api.views;

import org.jspecify.annotations.NullMarked;
