package io.gpuctl.simulator.host;

import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.TaskReport;
import java.util.List;

/**
 * What has not passed between the scheduler and a node that is cut off, in the order of time.
 *
 * @param unsaidEvents what the node could not say of itself
 * @param unsaidReports what it could not say of its attempts
 * @param missed the commands that it did not hear
 */
public record Mail(List<NodeEvent> unsaidEvents, List<TaskReport> unsaidReports, List<NodeCommand> missed) {
    public Mail {
        unsaidEvents = List.copyOf(unsaidEvents);
        unsaidReports = List.copyOf(unsaidReports);
        missed = List.copyOf(missed);
    }
}
