package io.gpuctl.audit.log;

import org.jspecify.annotations.Nullable;

/** A header of a record. */
@SuppressWarnings("ArrayRecordComponent") // The bytes of a record, which are never compared.
public record RawHeader(String name, byte @Nullable [] value) {}
