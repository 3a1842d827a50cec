package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.Terminal;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;

/**
 * Submits the tasks of a file, a part at a time, and reports what became of each. A part that the API could not take
 * whole is sent again; its tasks are the same then.
 */
final class BatchSubmission {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How long a part is sent again. A cluster that was killed is back in a quarter of this time. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ApiClient api;
    private final OutputOption.Form format;
    private final PrintWriter out;
    private final PrintWriter err;

    private final ArrayNode outcomes = JsonNodeFactory.instance.arrayNode();
    private int submitted;
    private int refused;

    BatchSubmission(ApiClient api, OutputOption.Form format, PrintWriter out, PrintWriter err) {
        this.api = api;
        this.format = format;
        this.out = out;
        this.err = err;
    }

    /**
     * Submits all tasks, and returns the exit code of the command.
     *
     * @throws CommandFailedException if the file cannot be read to its end, or the API does not take more tasks
     */
    int submit(TaskFile tasks) throws InterruptedException {
        try {
            int before = 0;
            for (TaskBatch batch = tasks.next(); batch.size() > 0; batch = tasks.next()) {
                for (BatchOutcome outcome : send(batch)) {
                    tell(outcome, before + outcome.line());
                }
                before += batch.size();
                out.flush();
                showProgress();
            }
        } catch (CommandFailedException e) {
            if (submitted + refused > 0) {
                err.println("%,d tasks submitted, %,d refused, and then:".formatted(submitted, refused));
            }
            throw e;
        }
        if (format.isDocument()) {
            out.println(format.write(outcomes));
        }
        err.println("%,d tasks submitted, %,d refused".formatted(submitted, refused));
        err.flush();
        return refused == 0 ? ClientCommand.OK : ClientCommand.FAILED;
    }

    private List<BatchOutcome> send(TaskBatch batch) throws InterruptedException {
        long giveUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            boolean isLast = System.nanoTime() >= giveUpAtNanos;
            try {
                List<BatchOutcome> answer = api.submit(batch);
                if (isLast || answer.stream().noneMatch(BatchOutcome::mayPassLater)) {
                    return answer;
                }
            } catch (CommandFailedException e) {
                if (isLast || isFinal(e)) {
                    throw e;
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    /** Returns whether the same request would fail again: it is refused, or there was no API from the beginning. */
    private boolean isFinal(CommandFailedException failure) {
        return failure instanceof ApiProblemException problem
                ? !problem.mayPassLater()
                : failure.getCause() instanceof ConnectException && submitted + refused == 0;
    }

    private void tell(BatchOutcome outcome, int number) {
        String id = outcome.taskId();
        submitted += outcome.problem().isEmpty() ? 1 : 0;
        refused += outcome.problem().isEmpty() ? 0 : 1;
        if (format.isDocument()) {
            outcomes.add(outcome.document().<ObjectNode>deepCopy().put("line", number));
        } else if (outcome.problem().isEmpty()) {
            out.println(Printable.line(id));
        }
        outcome.problem()
                .ifPresent(problem -> err.println("gpuctl: task %d%s: %s"
                        .formatted(
                                number,
                                id.isEmpty() ? "" : " (" + Printable.line(id) + ")",
                                Printable.lines(String.valueOf(problem.getMessage())))));
    }

    private void showProgress() {
        if (Terminal.isInteractive()) {
            err.println("%,d tasks submitted, %,d refused...".formatted(submitted, refused));
            err.flush();
        }
    }
}
