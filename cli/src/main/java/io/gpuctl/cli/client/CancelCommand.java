package io.gpuctl.cli.client;

import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.output.Printable;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Cancels a task, whatever its state. */
@Command(
        name = "cancel",
        description = {
            "Cancels a task, wherever it is in its life.",
            "A task that runs is stopped on its node first: --wait waits for that."
        })
public final class CancelCommand extends ClientCommand {

    private static final String KIND = "task";
    private static final String CANCELLED = "cancelled";

    @Parameters(arity = "1..2", paramLabel = "[task] ID", description = "The task's id.")
    private List<String> words = List.of();

    @Option(names = "--wait", description = "Wait until the task has ended, and exit with 1 unless it was cancelled.")
    private boolean wait;

    @Override
    int run(ApiClient api) throws InterruptedException {
        var task = new TaskDocument(api.delete(Query.of("/tasks/" + ApiClient.segment(taskId()))));
        if (wait) {
            return new TaskFollower(api, out()).follow(task).state().equals(CANCELLED) ? OK : FAILED;
        }
        out().println(Printable.line(
                task.state().equals(CANCELLED)
                        ? task.id() + " is cancelled"
                        : task.id() + " will be cancelled; it was " + task.state()));
        return OK;
    }

    private String taskId() {
        if (words.size() == 2 && !words.getFirst().equals(KIND)) {
            throw new ParameterException(
                    spec().commandLine(), "Only tasks can be cancelled, not a '%s'".formatted(words.getFirst()));
        }
        return words.getLast();
    }
}
