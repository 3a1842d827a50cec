package io.gpuctl.simulator.host;

import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.TaskReport;
import java.util.ArrayList;
import java.util.List;

/** Keeps the {@link Mail} of a node that is cut off: at most a few reports for each attempt that it runs. */
final class Mailbox {
    private final List<NodeEvent> unsaidEvents = new ArrayList<>();
    private final List<TaskReport> unsaidReports = new ArrayList<>();
    private final List<NodeCommand> missed = new ArrayList<>();

    void put(Mail mail) {
        unsaidEvents.addAll(mail.unsaidEvents());
        unsaidReports.addAll(mail.unsaidReports());
        missed.addAll(mail.missed());
    }

    Mail content() {
        return new Mail(unsaidEvents, unsaidReports, missed);
    }

    /** Keeps what the node will send once it reconnects. A report replaces an older one that it supersedes. */
    void keep(Said said) {
        unsaidEvents.addAll(said.events());
        for (TaskReport report : said.reports()) {
            if (report.recurs()) {
                unsaidReports.removeIf(report::supersedes);
            }
            unsaidReports.add(report);
        }
    }

    /** Keeps a command that the node will receive once it reconnects. */
    void miss(NodeCommand command) {
        missed.add(command);
    }

    boolean hasMissed() {
        return !missed.isEmpty();
    }

    Said takeUnsaid() {
        var said = new Said(List.copyOf(unsaidEvents), List.copyOf(unsaidReports));
        unsaidEvents.clear();
        unsaidReports.clear();
        return said;
    }

    List<NodeCommand> takeMissed() {
        List<NodeCommand> commands = List.copyOf(missed);
        missed.clear();
        return commands;
    }

    void clear() {
        unsaidEvents.clear();
        unsaidReports.clear();
        missed.clear();
    }
}
