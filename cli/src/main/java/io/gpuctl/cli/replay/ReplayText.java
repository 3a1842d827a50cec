package io.gpuctl.cli.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.audit.redo.Difference;
import io.gpuctl.audit.redo.PoolOutcome;
import io.gpuctl.audit.redo.ReplayReport;
import io.gpuctl.events.kafka.EventJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Describes the result of a replay, for people. */
final class ReplayText {
    private ReplayText() {}

    static List<String> lines(ReplayReport report, double seconds) {
        List<String> lines = new ArrayList<>();
        report.pools().forEach(pool -> pool(pool, lines));
        if (report.unreadable() > 0) {
            lines.add("%,d records among the facts are not facts, and were skipped".formatted(report.unreadable()));
        }
        lines.add("%,d facts in %.1f s: %,.0f a second"
                .formatted(report.facts(), seconds, report.facts() / Math.max(1e-3, seconds)));
        for (String changed : report.changedFiles()) {
            lines.add("");
            lines.add("changed since the export: " + oneLine(changed));
        }
        for (Difference difference : report.differences()) {
            lines.add("");
            difference(difference, lines);
        }
        if (!report.isClean() && report.differences().isEmpty()) {
            lines.add("");
            lines.add("No decision depends on the changes: every decision is the same as recorded.");
        }
        lines.add("");
        lines.add(verdict(report));
        return lines;
    }

    private static String verdict(ReplayReport report) {
        if (!report.differences().isEmpty()) {
            return "the log differs from the repeated decisions";
        }
        if (!report.isClean()) {
            return "the log has changed since the export";
        }
        long folded = report.pools().stream()
                .mapToLong(pool -> pool.inputsGone() + pool.outOfStep())
                .sum();
        return folded == 0
                ? "every decision is the same as recorded, byte for byte"
                : "every repeated decision is the same as recorded, byte for byte; %,d could not be repeated"
                        .formatted(folded);
    }

    private static void pool(PoolOutcome pool, List<String> lines) {
        lines.add("pool %s: %,d facts, %,d decisions repeated".formatted(pool.pool(), pool.facts(), pool.redone()));
        if (pool.inputsGone() > 0) {
            lines.add("  %,d decisions were applied as recorded: their inputs are no longer in the log"
                    .formatted(pool.inputsGone()));
        }
        if (pool.outOfStep() > 0) {
            lines.add("  %,d more were applied as recorded, until the scheduler looked at the whole queue"
                    .formatted(pool.outOfStep()));
        }
        lines.add("  " + stored(pool.stored()));
    }

    private static String stored(PoolOutcome.Stored stored) {
        return switch (stored) {
            case PoolOutcome.Agrees agrees ->
                "the final state agrees with the state that was stored as of fact %,d: %,d nodes, %,d tasks, %,d finished"
                        .formatted(agrees.sequence(), agrees.nodes(), agrees.tasks(), agrees.finished());
            case PoolOutcome.Differs _ -> "the final state was not reached, or differs from the stored state";
            case PoolOutcome.Absent _ ->
                "the final state was not compared: the orchestrator's stored state is not in the log";
        };
    }

    private static void difference(Difference difference, List<String> lines) {
        lines.add("first difference: " + oneLine(difference.summary()));
        addJson("expected", difference.expected(), lines);
        addJson("recorded", difference.recorded(), lines);
    }

    /** Adds formatted JSON, so that two documents can be compared line by line. */
    private static void addJson(String name, @Nullable String json, List<String> lines) {
        if (json == null) {
            return;
        }
        lines.add(name + ":");
        pretty(json).lines().forEach(line -> lines.add("  " + oneLine(line)));
    }

    private static String pretty(String json) {
        ObjectMapper mapper = EventJson.mapper();
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(mapper.readTree(json));
        } catch (JsonProcessingException _) {
            return json;
        }
    }

    /** Removes control characters: the text of a record must not send control sequences to the terminal. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
