package io.gpuctl.simulator.host;

import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.TaskReport;
import java.util.List;

/**
 * The undelivered messages between the scheduler and a node that is cut off, in the order of time.
 *
 * @param unsaidEvents events of the node that it could not send
 * @param unsaidReports reports on its attempts that it could not send
 * @param missed commands that it did not receive
 */
public record Mail(List<NodeEvent> unsaidEvents, List<TaskReport> unsaidReports, List<NodeCommand> missed) {
    public Mail {
        unsaidEvents = List.copyOf(unsaidEvents);
        unsaidReports = List.copyOf(unsaidReports);
        missed = List.copyOf(missed);
    }
}
