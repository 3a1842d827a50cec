package io.gpuctl.cli.client;

import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.StandardOutput;
import java.io.PrintWriter;
import java.time.Duration;

/** Follows a task to its end, and says what happens on the way: a line for each change. */
final class TaskFollower {

    /** How long a change may go unseen. */
    private static final Duration PERIOD = Duration.ofMillis(200);

    private final ApiClient api;
    private final PrintWriter out;

    TaskFollower(ApiClient api, PrintWriter out) {
        this.api = api;
        this.out = out;
    }

    /** Returns the task in its final state. */
    TaskDocument follow(TaskDocument submitted) throws InterruptedException {
        TaskDocument task = submitted;
        String shown = "";
        while (true) {
            String line = Printable.line(line(task));
            if (!line.equals(shown)) {
                out.println(line);
                out.flush();
                shown = line;
            }
            if (task.isFinal()) {
                return task;
            }
            StandardOutput.pause(PERIOD);
            task = new TaskDocument(api.get(Query.of("/tasks/" + ApiClient.segment(task.id()))));
        }
    }

    private static String line(TaskDocument task) {
        String line = task.id() + " " + task.state();
        return switch (task.state()) {
            case "placed", "running" -> line + " on " + task.placement() + attempt(task);
            case "completed" -> line + " in " + task.runTime();
            default -> task.reason().isEmpty() ? line : line + " (" + task.reason() + ")";
        };
    }

    private static String attempt(TaskDocument task) {
        return task.attempt() > 1 ? ", attempt " + task.attempt() : "";
    }
}
