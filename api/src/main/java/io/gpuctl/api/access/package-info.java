/**
 * Who may ask: under which names, and from which web pages. There are no users yet, so whoever reaches a listener may do
 * everything. A browser reaches what its user reaches, and shows pages of anybody: those must not count as the user.
 */
@NullMarked
package io.gpuctl.api.access;

import org.jspecify.annotations.NullMarked;
