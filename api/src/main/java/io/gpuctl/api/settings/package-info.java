/** The configuration, read once at the start. */
@NullMarked
package io.gpuctl.api.settings;

import org.jspecify.annotations.NullMarked;
