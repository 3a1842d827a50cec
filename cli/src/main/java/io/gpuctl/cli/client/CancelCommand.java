package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Cancels tasks in any state: the named tasks, or all that match a filter. */
@Command(
        name = "cancel",
        description = {
            "Cancels tasks that have not ended: those with these ids, those that match --user, --state, --pool and"
                    + " --node, or --all.",
            "A running task is stopped on its node first: --wait waits for that.",
            "For example: gpuctl cancel t1 t2, gpuctl cancel --user ann --state queued"
        })
public final class CancelCommand extends ClientCommand {

    private static final String KIND = "task";
    private static final String CANCELLED = "cancelled";
    private static final String HAS_ENDED = "urn:gpuctl:problem:task-ended";

    @Parameters(
            arity = "0..*",
            paramLabel = "[task] ID",
            completionCandidates = KnownIds.OfUnfinishedTasks.class,
            description = "The tasks' ids.")
    private List<String> words = List.of();

    @Mixin
    private TaskFilter filter = new TaskFilter();

    @Option(names = "--all", description = "All tasks of the cluster.")
    private boolean all;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask for confirmation. Without ids, the command asks before it cancels tasks.")
    private boolean yes;

    @Option(
            names = "--wait",
            description = "Wait until the tasks have ended, and exit with 1 unless all were cancelled.")
    private boolean wait;

    @Override
    int run(ApiClient api) throws InterruptedException {
        if (!all && !filter.isGiven()) {
            return cancel(api, namedIds());
        }
        if (!words.isEmpty() || (all && filter.isGiven())) {
            throw usage("Give either ids of tasks, or some of --user, --state, --pool and --node, or --all");
        }
        List<JsonNode> tasks = filter.read(api, Integer.MAX_VALUE).stream()
                .filter(task -> !new TaskDocument(task).isFinal())
                .toList();
        if (tasks.isEmpty()) {
            out().println("No tasks to cancel.");
            return OK;
        }
        if (!yes && !isConfirmed(tasks)) {
            out().println("Nothing was cancelled.");
            return FAILED;
        }
        return cancel(
                api, tasks.stream().map(task -> new TaskDocument(task).id()).toList());
    }

    private boolean isConfirmed(List<JsonNode> tasks) {
        String what = "%d task%s (%s)".formatted(tasks.size(), tasks.size() == 1 ? "" : "s", states(tasks));
        if (!Terminal.isInteractive()) {
            throw new CommandFailedException(
                    "%s would be cancelled, but there is no terminal to ask for confirmation. Use --yes to cancel without a question. Nothing was cancelled."
                            .formatted(what));
        }
        return Terminal.confirm(err(), "Cancel %s?".formatted(what));
    }

    /** {@code 9 queued, 3 running}. */
    private static String states(List<JsonNode> tasks) {
        return tasks.stream()
                .collect(Collectors.groupingBy(
                        task -> new TaskDocument(task).state(), TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private int cancel(ApiClient api, List<String> ids) throws InterruptedException {
        List<TaskDocument> asked = new ArrayList<>();
        int exitCode = forEach(ids, id -> ask(api, id), (id, task) -> tell(id, task, asked));
        if (wait) {
            var follower = new TaskFollower(api, out());
            for (TaskDocument task : asked) {
                exitCode = follower.follow(task).state().equals(CANCELLED) ? exitCode : FAILED;
            }
        }
        return exitCode;
    }

    /** Returns the task as it was before; empty if it has ended since it was listed. */
    private Optional<TaskDocument> ask(ApiClient api, String id) {
        try {
            return Optional.of(new TaskDocument(api.delete(Query.of("/tasks/" + ApiClient.segment(id)))));
        } catch (ApiProblemException e) {
            if (!words.isEmpty() || !e.kind().equals(HAS_ENDED)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private void tell(String id, Optional<TaskDocument> found, List<TaskDocument> asked) {
        if (found.isEmpty()) {
            out().println(Printable.line(id + " has ended in the meantime"));
            return;
        }
        TaskDocument task = found.get();
        asked.add(task);
        if (!wait) {
            out().println(Printable.line(
                    task.state().equals(CANCELLED)
                            ? task.id() + " is cancelled"
                            : task.id() + " will be cancelled; it was " + task.state()));
        }
    }

    private List<String> namedIds() {
        if (words.isEmpty()) {
            throw usage("Give the ids of tasks, or --user, --state, --pool, --node or --all");
        }
        if (words.size() > 1 && words.getFirst().matches("nodes?|users?|pools?")) {
            throw usage("Only tasks can be cancelled, not a '%s'".formatted(words.getFirst()));
        }
        return words.size() > 1 && words.getFirst().equals(KIND) ? words.subList(1, words.size()) : words;
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec().commandLine(), problem);
    }
}
