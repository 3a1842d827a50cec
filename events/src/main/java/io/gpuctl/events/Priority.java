package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How urgent a task is. A queue serves a higher priority first; within one, its own order. */
public enum Priority {
    @JsonProperty("low")
    LOW,
    @JsonProperty("normal")
    NORMAL,
    @JsonProperty("high")
    HIGH
}
