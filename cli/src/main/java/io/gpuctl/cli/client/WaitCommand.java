package io.gpuctl.cli.client;

import io.gpuctl.cli.client.ApiClient.Query;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Waits for tasks. */
@Command(
        name = "wait",
        description = {
            "Waits until tasks have ended, and exits with 1 unless all completed.",
            "For example: gpuctl wait t1 t2 --timeout 10m"
        })
public final class WaitCommand extends ClientCommand {

    @Parameters(
            arity = "1..*",
            paramLabel = "ID",
            completionCandidates = KnownIds.OfUnfinishedTasks.class,
            description = "The tasks' ids.")
    private List<String> ids = List.of();

    @Option(
            names = "--for",
            paramLabel = "STATE",
            completionCandidates = Words.TaskStates.class,
            description = "Wait for this state, and exit with 1 if a task ends in another: ${COMPLETION-CANDIDATES}"
                    + " (default: completed).")
    void setState(String word) {
        state = Words.require("--for", word, new Words.TaskStates(), spec().commandLine());
    }

    private String state = "completed";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = QuantityConverter.OfDuration.class,
            description = "Wall-clock time after which to exit with 1: 30s, 10m (default: none).")
    private @Nullable Duration timeout;

    private boolean isMissed;

    @Override
    int run(ApiClient api) throws InterruptedException {
        long beginNanos = System.nanoTime();
        int exitCode = forEach(ids, id -> {
            var task = new TaskDocument(api.get(Query.of("/tasks/" + ApiClient.segment(id))));
            var left = Optional.ofNullable(timeout)
                    .map(whole -> whole.minus(Duration.ofNanos(System.nanoTime() - beginNanos)));
            var last = new TaskFollower(api, out()).follow(task, state, left);
            isMissed |= !last.state().equals(state);
        });
        return isMissed ? FAILED : exitCode;
    }
}
