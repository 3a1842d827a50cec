package io.gpuctl.api.events;

import io.gpuctl.events.Fact;

/** A fact, and where it stands in {@code cluster-events}. */
record LoggedFact(int partition, long offset, Fact fact) {}
