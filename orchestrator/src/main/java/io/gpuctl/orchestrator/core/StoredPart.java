package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;

/** One node's part of a gang, as it is stored: what it holds, and how far it is. */
public record StoredPart(Allocation allocation, Member member) {}
