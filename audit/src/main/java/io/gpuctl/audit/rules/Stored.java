package io.gpuctl.audit.rules;

/** The newest record of a key in a changelog. */
@SuppressWarnings("ArrayRecordComponent") // The bytes of a record, which are never compared.
public record Stored(Place place, byte[] value) {}
