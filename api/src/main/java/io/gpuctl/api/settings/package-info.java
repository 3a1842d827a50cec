/**
 * What can be configured, read once at the start.
 */
@NullMarked
package io.gpuctl.api.settings;

import org.jspecify.annotations.NullMarked;
