package io.gpuctl.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The urgency of a task. A queue serves higher priorities first; within a priority, the queue's own order applies. */
public enum Priority {
    @JsonProperty("low")
    LOW,
    @JsonProperty("normal")
    NORMAL,
    @JsonProperty("high")
    HIGH
}
