package io.gpuctl.audit.log;

/** A record, and where it stands. */
public record PlacedRecord(LogPlace place, RawRecord raw) {}
