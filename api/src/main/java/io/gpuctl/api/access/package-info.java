/**
 * Controls access: the allowed host names, and the web pages that may send requests. There is no authentication yet, so
 * every client that reaches a listener may do everything. A browser reaches what its user reaches, but also runs
 * foreign pages: their requests must not count as the user's.
 */
@NullMarked
package io.gpuctl.api.access;

import org.jspecify.annotations.NullMarked;
