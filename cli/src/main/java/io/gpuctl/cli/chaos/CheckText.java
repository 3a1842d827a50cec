package io.gpuctl.cli.chaos;

import io.gpuctl.cli.chaos.check.CheckReport;
import java.util.TreeMap;

/** Formats the report of the independent check as text. */
final class CheckText {
    private CheckText() {}

    /** Returns the report in one line. */
    static String of(CheckReport report) {
        var states = new TreeMap<String, Integer>();
        report.tasks().values().forEach(owners -> owners.forEach(task -> states.merge(task.state(), 1, Integer::sum)));
        String unknown = report.unknownTypes().isEmpty() ? "" : ", unknown types of facts: " + report.unknownTypes();
        return "independent check: %d facts, %d tasks %s, %d placements sent to nodes, %d submissions pending, %d findings%s"
                .formatted(
                        report.facts(),
                        report.tasks().size(),
                        states,
                        report.placements(),
                        report.pending(),
                        report.findings().count(),
                        unknown);
    }
}
