package io.gpuctl.api.views;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.telemetry.runtime.Ownership;
import io.gpuctl.telemetry.runtime.Ownership.Host;
import io.gpuctl.telemetry.runtime.ViewsNotReadyException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/** The views of this process, as {@code Uni}s that fail with problems. */
@ApplicationScoped
class LocalViews {

    private final ViewsService service;

    LocalViews(ViewsService service) {
        this.service = service;
    }

    /** Returns the owners of the partitions. Throws a {@link ProblemException} (503) if the views are not ready. */
    Ownership ownership() {
        try {
            return service.views().ownership();
        } catch (ViewsNotReadyException e) {
            throw notReady(e);
        }
    }

    /**
     * Returns what the stores of this instance answer now; nothing if they do not answer. To learn why, {@link #ask}.
     */
    <E> List<E> answerNow(ViewQuery<E> query) {
        try {
            var answer = query.ask(service);
            return answer.state() == Future.State.SUCCESS ? answer.resultNow() : List.of();
        } catch (RuntimeException _) {
            return List.of();
        }
    }

    /** Asks the question now; what the stores answer is in the {@code Uni} when this returns. */
    <E> Uni<List<E>> ask(ViewQuery<E> query) {
        CompletableFuture<List<E>> answer;
        try {
            answer = query.ask(service);
        } catch (RuntimeException e) {
            return Uni.createFrom().failure(translated(e));
        }
        return answer.state() == Future.State.SUCCESS
                ? Uni.createFrom().item(answer.resultNow())
                : Uni.createFrom().completionStage(answer).onFailure().transform(LocalViews::translated);
    }

    /**
     * Answers a question of another instance. Refuses with 503 if this instance does not own exactly the partitions
     * that the other instance expects.
     */
    <E> Uni<List<E>> answer(Question question, ViewQuery<E> query) {
        return Uni.createFrom().deferred(() -> {
            var ownership = ownership();
            boolean agreed =
                    ownedBy(ownership.self(), ownership.poolPartitions()).equals(question.poolPartitions())
                            && ownedBy(ownership.self(), ownership.telemetryPartitions())
                                    .equals(question.telemetryPartitions());
            return agreed ? ask(query) : Uni.createFrom().failure(moving());
        });
    }

    /** Returns the partitions of this owner. */
    static Set<Integer> ownedBy(Host owner, Map<Integer, Host> owners) {
        var owned = new TreeSet<Integer>();
        owners.forEach((partition, host) -> {
            if (host.equals(owner)) {
                owned.add(partition);
            }
        });
        return owned;
    }

    static ProblemException moving() {
        return ProblemException.of(ProblemType.VIEWS_NOT_READY, "The views are moving between instances; try again");
    }

    private static Throwable translated(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case ViewsNotReadyException e -> notReady(e);
            case TimeoutException e ->
                ProblemException.of(
                        ProblemType.VIEWS_NOT_READY, "The views have not caught up with the log in time; try again", e);
            default -> cause;
        };
    }

    private static ProblemException notReady(ViewsNotReadyException e) {
        return ProblemException.of(
                ProblemType.VIEWS_NOT_READY, "The views are not ready: " + e.getMessage() + "; try again", e);
    }
}
