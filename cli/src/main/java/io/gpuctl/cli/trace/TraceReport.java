package io.gpuctl.cli.trace;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.output.Fields;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.workload.NotesReport;
import io.gpuctl.events.units.Durations;
import io.gpuctl.events.units.Gpus;
import io.gpuctl.experiments.trace.Workload;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;

/** Describes the contents of a workload file, for people and for programs. */
record TraceReport(Workload workload, TraceSummary summary) {

    /**
     * A time in 2001. Times from here on count from 1970: no trace is older than 2001, and no trace lasts that long.
     */
    private static final long SINCE_1970_MIN_MS = 1_000_000_000_000L;

    String toText() {
        var text = new StringWriter();
        var out = new PrintWriter(text);
        var durations = summary.durations();
        new Fields()
                .add("Name", workload.name())
                .add("Format", workload.format().toString())
                .add("Tasks", Integer.toString(summary.tasks()))
                .add("Users", Long.toString(summary.users()))
                .add("First task", firstTask())
                .add("Span", Durations.human(workload.spanMs()))
                .add(
                        "Durations",
                        "p50 %s, p95 %s, max %s"
                                .formatted(
                                        Durations.human(durations.p50Ms()),
                                        Durations.human(durations.p95Ms()),
                                        Durations.human(durations.maxMs())))
                .add("GPUs asked", gpus())
                .add("GPU hours", "%.1f".formatted(summary.gpus().gpuHours()))
                .print(out);
        if (!workload.notes().header().isEmpty()) {
            out.println("\nHeader:");
            workload.notes().header().forEach((name, value) -> out.println(headerLine(name, value)));
        }
        String notes = new NotesReport(workload.notes()).toText();
        if (!notes.isEmpty()) {
            out.println("\n" + notes);
        }
        return text.toString();
    }

    private String firstTask() {
        long offsetMs = workload.offsetMs();
        if (offsetMs == 0) {
            return "at the file's time 0";
        }
        String offset = "%s (%s s) after the file's time 0"
                .formatted(
                        Durations.human(offsetMs),
                        BigDecimal.valueOf(offsetMs, 3).stripTrailingZeros().toPlainString());
        return offset
                + (offsetMs < SINCE_1970_MIN_MS
                        ? "; gpuctl up begins with it"
                        : ", which is %s if that is 1970; gpuctl up begins with it"
                                .formatted(Instant.ofEpochMilli(offsetMs)));
    }

    private static String headerLine(String name, String value) {
        return Printable.line("  %s: %s".formatted(name, value));
    }

    private String gpus() {
        var gpus = summary.gpus();
        return "%s in all, at most %s by a task; %d tasks ask for a share, %d for none"
                .formatted(
                        Gpus.human(gpus.milliTotal()),
                        Gpus.human(gpus.milliMax()),
                        gpus.tasksWithShare(),
                        gpus.tasksWithout());
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", workload.name());
        json.put("format", workload.format().toString());
        json.put("tasks", summary.tasks());
        json.put("users", summary.users());
        json.put("offset_ms", workload.offsetMs());
        json.put("span_ms", workload.spanMs());
        json.putObject("duration_ms")
                .put("p50", summary.durations().p50Ms())
                .put("p95", summary.durations().p95Ms())
                .put("max", summary.durations().maxMs());
        json.putObject("gpus")
                .put("milli_total", summary.gpus().milliTotal())
                .put("milli_max", summary.gpus().milliMax())
                .put("tasks_with_share", summary.gpus().tasksWithShare())
                .put("tasks_without", summary.gpus().tasksWithout())
                .put("gpu_hours", summary.gpus().gpuHours());
        json.setAll(new NotesReport(workload.notes()).toJson());
        return json;
    }
}
