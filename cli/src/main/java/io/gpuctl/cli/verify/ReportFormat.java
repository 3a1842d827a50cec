package io.gpuctl.cli.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.audit.rules.Counts;
import io.gpuctl.audit.rules.Violation;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.events.units.Counted;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The value of {@code -o}; in lower case, as users type it. */
enum ReportFormat {
    TABLE,
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the report, without a line end. */
    String write(VerifyReport report) {
        return switch (this) {
            case TABLE -> table(report);
            case JSON -> json(report);
        };
    }

    private static String table(VerifyReport report) {
        Counts counts = report.counts();
        List<String> lines = new ArrayList<>();
        lines.add(String.join(
                ", ",
                Counted.of(counts.pools(), "pool"),
                Counted.of(counts.nodes(), "node"),
                Counted.of(counts.gpus(), "GPU"),
                Counted.of(counts.facts(), "fact"),
                Counted.of(counts.attempts(), "attempt")));
        lines.add("tasks: " + tasks(counts));
        lines.add("submissions: %d decided, %d repeated, %d refused, %d pending; reports of an end pending: %d"
                .formatted(
                        counts.submissionsDecided(),
                        counts.submissionsRepeated(),
                        counts.submissionsRefused(),
                        counts.commandsPending(),
                        counts.reportsPending()));
        lines.add("node commands that match a fact: %d".formatted(counts.nodeCommandsMatched()));
        if (counts.reportsNotCompared() > 0) {
            lines.add("facts from reports whose token was not compared, because the command is no longer kept: %d"
                    .formatted(counts.reportsNotCompared()));
        }
        lines.add("");
        counts.topics()
                .forEach((topic, count) -> lines.add("%-18s %,12d records%s"
                        .formatted(
                                topic,
                                count.records(),
                                count.unreadable() == 0
                                        ? ""
                                        : ", %,d of them not readable".formatted(count.unreadable()))));
        lines.add("%-18s %,12d records, not read".formatted(Topics.GPU_TELEMETRY.name(), report.telemetryRecords()));
        lines.add("%-18s %,12d records".formatted(Topics.DEAD_LETTERS.name(), report.deadLettersTotal()));
        report.deadLetters().forEach((cause, count) -> lines.add("  %,d of %s".formatted(count, cause)));
        lines.add("");
        report.notes().forEach(note -> lines.add("note: " + note));
        lines.add("checked %s in %.1f s".formatted(Counted.of(counts.records(), "record"), report.seconds()));
        violations(report, lines);
        lines.add(report.verdict());
        return String.join("\n", lines);
    }

    private static void violations(VerifyReport report, List<String> lines) {
        for (Violation violation : report.violations().kept()) {
            // A record may contain any text, so it is made safe to print.
            lines.add(Printable.line("%s %s: %s".formatted(violation.rule(), violation.place(), violation.text())));
        }
        long more = report.violations().count() - report.violations().kept().size();
        if (more > 0) {
            lines.add("... and %d more".formatted(more));
        }
    }

    private static String tasks(Counts counts) {
        List<String> parts = new ArrayList<>();
        counts.tasks()
                .forEach((state, count) ->
                        parts.add("%d %s".formatted(count, state.name().toLowerCase(Locale.ROOT))));
        return parts.isEmpty() ? "none" : String.join(", ", parts);
    }

    private static String json(VerifyReport report) {
        ObjectMapper mapper = EventJson.mapper();
        Counts counts = report.counts();
        ObjectNode document = mapper.createObjectNode();
        document.put("violations_total", report.violations().count());
        document.put("pools", counts.pools());
        document.put("nodes", counts.nodes());
        document.put("gpus", counts.gpus());
        document.put("facts", counts.facts());
        document.put("attempts", counts.attempts());
        ObjectNode tasks = document.putObject("tasks");
        counts.tasks().forEach((state, count) -> tasks.put(state.name().toLowerCase(Locale.ROOT), count));
        document.put("submissions_decided", counts.submissionsDecided());
        document.put("submissions_repeated", counts.submissionsRepeated());
        document.put("submissions_refused", counts.submissionsRefused());
        document.put("submissions_pending", counts.commandsPending());
        document.put("reports_pending", counts.reportsPending());
        document.put("reports_not_compared", counts.reportsNotCompared());
        document.put("node_commands_matched", counts.nodeCommandsMatched());
        ObjectNode topics = document.putObject("topics");
        counts.topics()
                .forEach((topic, count) ->
                        topics.putObject(topic).put("records", count.records()).put("unreadable", count.unreadable()));
        topics.putObject(Topics.GPU_TELEMETRY.name()).put("records", report.telemetryRecords());
        document.set("dead_letters", mapper.valueToTree(report.deadLetters()));
        document.set("notes", mapper.valueToTree(report.notes()));
        document.put("seconds", report.seconds());
        ArrayNode violations = document.putArray("violations");
        report.violations()
                .kept()
                .forEach(violation -> violations
                        .addObject()
                        .put("rule", violation.rule())
                        .put("topic", violation.place().topic())
                        .put("partition", violation.place().partition())
                        .put("offset", violation.place().offset())
                        .put("text", violation.text()));
        try {
            return Printable.lines(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
