package io.gpuctl.api.tasks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gpuctl.api.problem.BodyLimit;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.request.JsonFields;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.form.SubmissionReader.Submission;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Submits the tasks of a request with several tasks: a JSON array, or JSON Lines. Each task is submitted on its own, as
 * a request with that task alone would submit it, so an error concerns only its task.
 */
@ApplicationScoped
class TaskBatches {
    static final String JSON_LINES = "application/x-ndjson";

    /** Below the limit on submissions in progress, so that other requests are admitted too. */
    private static final int AT_ONCE = 250;

    private static final Duration RETRY_FIRST = Duration.ofMillis(10);
    private static final Duration RETRY_LONGEST = Duration.ofMillis(200);

    /** About 10 s. */
    private static final long RETRIES = 50;

    private static final ObjectWriter OUTCOME = JsonMapper.builder().build().writerFor(TaskOutcome.class);

    private final TaskSubmissions submissions;
    private final Vertx vertx;

    TaskBatches(TaskSubmissions submissions, Vertx vertx) {
        this.submissions = submissions;
        this.vertx = vertx;
    }

    /** A task of the request. */
    private sealed interface Item {
        int line();
    }

    /** A task that can be submitted. */
    private record Submittable(int line, Submission submission, boolean isIdNew) implements Item {
        TaskId taskId() {
            return submission.task().taskId();
        }
    }

    private record Refused(int line, Problem problem) implements Item {}

    /**
     * Submits the tasks, and returns their outcomes as JSON Lines, in the order of the request. Fails with a
     * {@link ProblemException} if the body is not a JSON array, or has more than {@link BodyLimit#TASKS_MAX} tasks.
     *
     * @param isLines whether the body is JSON Lines
     * @param ids generates the id of a task that has none, from its line
     * @param areIdsNew whether these ids are generated for this request, so that no other submission can have them
     */
    Uni<byte[]> submit(byte[] body, boolean isLines, IntFunction<TaskId> ids, boolean areIdsNew) {
        return Uni.createFrom()
                // Parsing takes a tenth of a second, too long for an event loop.
                .completionStage(() -> vertx.executeBlocking(
                                () -> isLines ? lines(body, ids, areIdsNew) : elements(body, ids, areIdsNew))
                        .toCompletionStage())
                .chain(this::submit)
                .map(TaskBatches::bytes);
    }

    private static List<Item> lines(byte[] body, IntFunction<TaskId> ids, boolean areIdsNew) {
        var items = new ArrayList<Item>();
        int line = 0;
        for (int begin = 0; begin < body.length; ) {
            int end = begin;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            line++;
            byte[] text = Arrays.copyOfRange(body, begin, end);
            if (!isBlank(text)) {
                items.add(item(line, id -> TaskRequest.parse(text, id), ids, areIdsNew));
                requireNotTooMany(items.size());
            }
            begin = end + 1;
        }
        requireAny(items);
        return items;
    }

    private static boolean isBlank(byte[] text) {
        for (byte letter : text) {
            if (letter != ' ' && letter != '\t' && letter != '\r') {
                return false;
            }
        }
        return true;
    }

    private static List<Item> elements(byte[] body, IntFunction<TaskId> ids, boolean areIdsNew) {
        var elements = JsonFields.elements(body);
        requireNotTooMany(elements.size());
        var items = new ArrayList<Item>();
        for (var element : elements) {
            items.add(item(items.size() + 1, id -> TaskRequest.parse(element, id), ids, areIdsNew));
        }
        requireAny(items);
        return items;
    }

    private static void requireAny(List<Item> items) {
        if (items.isEmpty()) {
            throw ProblemException.of(ProblemType.MALFORMED_BODY, "The body has no task, but must have at least one");
        }
    }

    private static void requireNotTooMany(int count) {
        if (count > BodyLimit.TASKS_MAX) {
            throw ProblemException.of(
                    ProblemType.BODY_TOO_LARGE,
                    "A request may have at most %,d tasks: send several requests".formatted(BodyLimit.TASKS_MAX));
        }
    }

    private static Item item(
            int line, Function<Supplier<TaskId>, Submission> parser, IntFunction<TaskId> ids, boolean areIdsNew) {
        var generatedId = ids.apply(line);
        try {
            var submission = parser.apply(() -> generatedId);
            return new Submittable(
                    line, submission, areIdsNew && submission.task().taskId().equals(generatedId));
        } catch (ProblemException e) {
            return new Refused(line, e.problem());
        }
    }

    /** Submits many tasks at once; of two tasks with one id, the later one after all others. */
    private Uni<TaskOutcome[]> submit(List<Item> items) {
        Set<TaskId> ids = new HashSet<>();
        List<Item> first = new ArrayList<>();
        List<Item> later = new ArrayList<>();
        for (var item : items) {
            boolean isRepeated = item instanceof Submittable submittable && !ids.add(submittable.taskId());
            (isRepeated ? later : first).add(item);
        }
        return outcomes(first, AT_ONCE)
                .chain(early -> outcomes(later, 1)
                        .map(late -> Stream.concat(early.stream(), late.stream())
                                .sorted((one, other) -> Integer.compare(one.line(), other.line()))
                                .toArray(TaskOutcome[]::new)));
    }

    private Uni<List<TaskOutcome>> outcomes(List<Item> items, int atOnce) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUni(this::outcome)
                .merge(atOnce)
                .collect()
                .asList();
    }

    private Uni<TaskOutcome> outcome(Item item) {
        return switch (item) {
            case Refused refused -> Uni.createFrom().item(TaskOutcome.refused(item.line(), null, refused.problem()));
            case Submittable submittable -> outcome(submittable);
        };
    }

    private Uni<TaskOutcome> outcome(Submittable item) {
        return submissions
                .submit(item.submission(), item.isIdNew())
                .onFailure(TaskBatches::isBusy)
                .retry()
                .withBackOff(RETRY_FIRST, RETRY_LONGEST)
                .atMost(RETRIES)
                // The retry hides the last failure in an exception of its own.
                .onFailure(failure -> failure.getCause() instanceof ProblemException)
                .transform(Throwable::getCause)
                .map(_ -> TaskOutcome.submitted(item.line(), item.taskId()))
                .onFailure(ProblemException.class)
                .recoverWithItem(e -> TaskOutcome.refused(item.line(), item.taskId(), e.problem()));
    }

    private static boolean isBusy(Throwable failure) {
        return failure instanceof ProblemException e && e.problem().type().equals(ProblemType.TOO_BUSY.uri());
    }

    private static byte[] bytes(TaskOutcome[] outcomes) {
        var lines = new ByteArrayOutputStream();
        for (var outcome : outcomes) {
            try {
                lines.writeBytes(OUTCOME.writeValueAsBytes(outcome));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("An outcome cannot be written as JSON", e);
            }
            lines.write('\n');
        }
        return lines.toByteArray();
    }
}
