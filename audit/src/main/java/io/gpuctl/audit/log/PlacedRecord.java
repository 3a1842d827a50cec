package io.gpuctl.audit.log;

/** A record and its place. */
public record PlacedRecord(LogPlace place, RawRecord raw) {}
