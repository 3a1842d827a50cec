package io.gpuctl.experiments.eventlog;

/** A record, and where it stands. */
public record PlacedRecord(LogPlace place, RawRecord raw) {}
