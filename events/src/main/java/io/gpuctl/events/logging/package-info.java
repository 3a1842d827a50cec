/** What a log line is about, for those who search logs by it. */
@NullMarked
package io.gpuctl.events.logging;

import org.jspecify.annotations.NullMarked;
