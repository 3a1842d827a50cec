package io.gpuctl.api.kafka;

/** The position of a command in {@code task-commands}. */
public record CommandPosition(int partition, long offset) {}
