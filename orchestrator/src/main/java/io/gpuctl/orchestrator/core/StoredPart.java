package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;

/** One node's part of a gang, as it is stored: its allocation and its progress. */
public record StoredPart(Allocation allocation, Member member) {}
