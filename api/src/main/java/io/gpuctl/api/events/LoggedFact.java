package io.gpuctl.api.events;

import io.gpuctl.events.Fact;

/** A fact with its partition and offset in {@code cluster-events}. */
record LoggedFact(int partition, long offset, Fact fact) {}
