package io.gpuctl.cli.client;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.StandardOutput;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/** Follows a task to its end, and prints a line for each change. */
final class TaskFollower {

    /** The longest delay until a change is seen. */
    private static final Duration PERIOD = Duration.ofMillis(200);

    private final ApiClient api;
    private final PrintWriter out;

    TaskFollower(ApiClient api, PrintWriter out) {
        this.api = api;
        this.out = out;
    }

    /** Returns the task in its final state. */
    TaskDocument follow(TaskDocument submitted) throws InterruptedException {
        return follow(submitted, "", Optional.empty());
    }

    /**
     * Returns the task once it is in this state, or in a final state.
     *
     * @throws CommandFailedException if the timeout expires first
     */
    TaskDocument follow(TaskDocument submitted, String state, Optional<Duration> timeout) throws InterruptedException {
        long beginNanos = System.nanoTime();
        TaskDocument task = submitted;
        String shown = "";
        while (true) {
            String line = Printable.line(line(task));
            if (!line.equals(shown)) {
                out.println(line);
                out.flush();
                shown = line;
            }
            if (task.isFinal() || task.state().equals(state)) {
                return task;
            }
            if (timeout.isPresent()
                    && System.nanoTime() - beginNanos > timeout.get().toNanos()) {
                throw new CommandFailedException("Timed out: %s is still %s".formatted(task.id(), task.state()));
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
