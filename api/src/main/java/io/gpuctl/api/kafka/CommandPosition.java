package io.gpuctl.api.kafka;

/** Where a command stands in {@code task-commands}. */
public record CommandPosition(int partition, long offset) {}
