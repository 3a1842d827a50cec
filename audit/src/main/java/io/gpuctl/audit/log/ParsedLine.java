package io.gpuctl.audit.log;

import org.jspecify.annotations.Nullable;

/**
 * A line, read.
 *
 * @param checksum as it stands in the line; null if none does
 */
record ParsedLine(RawRecord record, @Nullable String checksum) {}
