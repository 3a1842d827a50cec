/** The fields of log lines, for searches by pool, node, task or record. */
@NullMarked
package io.gpuctl.events.logging;

import org.jspecify.annotations.NullMarked;
