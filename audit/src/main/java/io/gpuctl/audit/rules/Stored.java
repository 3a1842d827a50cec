package io.gpuctl.audit.rules;

/** The newest record of a key in a changelog. */
@SuppressWarnings("ArrayRecordComponent") // The bytes of a record, compared by nobody.
public record Stored(Place place, byte[] value) {}
