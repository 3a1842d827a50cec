/**
 * Queries the materialized views of all API instances: those of this process directly, those of the others over HTTP.
 * Called on event loops; nothing here blocks. An answer is either complete or an error.
 */
@NullMarked
package io.gpuctl.api.views;

import org.jspecify.annotations.NullMarked;
