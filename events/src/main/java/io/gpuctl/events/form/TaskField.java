package io.gpuctl.events.form;

import io.gpuctl.events.TaskSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A named field of a submission.
 *
 * @param name the name in request and response bodies of the API: {@code max_nodes}
 * @param places where the field is in a task's record, in the log and in workload files: {@code work.duration_ms};
 *     empty if the record does not have it
 * @param getter reads the field's value from a task, as clients see it
 * @param absent the value of a submission that leaves the field out; empty if another field or the server decides
 * @param words the meaning of the field and its unit, in sentences
 * @param submissionWords what only a client that submits a task needs to know, in sentences; may be empty
 * @param examples valid values, in their JSON types
 */
public record TaskField<T>(
        String name,
        FieldKind<T> kind,
        List<String> places,
        Function<TaskSpec, T> getter,
        Optional<T> absent,
        String words,
        String submissionWords,
        List<Object> examples) {

    static <T> TaskField<T> of(String name, FieldKind<T> kind, List<String> places, Function<TaskSpec, T> getter) {
        return new TaskField<>(name, kind, places, getter, Optional.empty(), "", "", List.of());
    }

    TaskField<T> orElse(T value) {
        return new TaskField<>(name, kind, places, getter, Optional.of(value), words, submissionWords, examples);
    }

    TaskField<T> means(String newWords) {
        return new TaskField<>(name, kind, places, getter, absent, newWords, submissionWords, examples);
    }

    TaskField<T> toSubmit(String newSubmissionWords) {
        return new TaskField<>(name, kind, places, getter, absent, words, newSubmissionWords, examples);
    }

    TaskField<T> suchAs(Object... newExamples) {
        return new TaskField<>(name, kind, places, getter, absent, words, submissionWords, List.of(newExamples));
    }

    /** Returns the task's value of this field. */
    public T of(TaskSpec task) {
        return getter.apply(task);
    }

    Optional<T> read(FieldSource source) {
        return kind.read(name, source);
    }

    /** Returns the value in the source, or the default if the field is absent. */
    T readOrElse(FieldSource source) {
        return read(source).or(() -> absent).orElseThrow(() -> new IllegalStateException(name + " has no default"));
    }

    boolean isIn(FieldSource source) {
        return source.has(name);
    }
}
