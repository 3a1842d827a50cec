package io.gpuctl.simulator.host;

import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeEvent.ShutDown;
import io.gpuctl.events.TaskReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a node sends at one moment, in this order: its events, its reports, and its farewell. The events go
 * first because the scheduler must know that a GPU is broken before it learns that the GPU is free.
 *
 * @param farewell null unless the node shuts down in order
 */
public record Said(
        List<NodeEvent> events,
        List<TaskReport> reports,
        @Nullable ShutDown farewell) {
    static final Said NOTHING = new Said(List.of(), List.of());

    Said(List<NodeEvent> events, List<TaskReport> reports) {
        this(events, reports, null);
    }

    static Said of(NodeEvent event) {
        return new Said(List.of(event), List.of());
    }

    /** Returns these messages, followed by the messages that the node sends later. */
    Said then(Said later) {
        return new Said(joined(events, later.events), joined(reports, later.reports), later.farewell);
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first.isEmpty() ? second : first;
        }
        List<T> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }
}
