package io.gpuctl.audit.log;

import org.jspecify.annotations.Nullable;

/**
 * A parsed line.
 *
 * @param checksum the checksum in the line; null if there is none
 */
record ParsedLine(RawRecord record, @Nullable String checksum) {}
