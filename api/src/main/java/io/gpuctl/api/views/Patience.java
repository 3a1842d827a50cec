package io.gpuctl.api.views;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for views that move. When an instance stops, another instance owns its partitions within seconds. Until then no
 * instance has a complete answer, and waiting is better for a client than an error.
 */
final class Patience {

    private static final Duration PERIOD = Duration.ofMillis(100);

    private final Duration timeout;
    private final BooleanSupplier moves;

    /**
     * @param timeout time after which the question fails
     * @param moves returns whether views that are not ready are moving; if not, they are starting, which may take
     *     minutes
     */
    Patience(Duration timeout, BooleanSupplier moves) {
        this.timeout = timeout;
        this.moves = moves;
    }

    /** Asks the question, and again while the views are not ready; then fails with the last error. */
    <T> Uni<T> with(Supplier<Uni<T>> question) {
        return Uni.createFrom().deferred(() -> ask(question, System.nanoTime() + timeout.toNanos()));
    }

    private <T> Uni<T> ask(Supplier<Uni<T>> question, long giveUpNanos) {
        return answer(question)
                .onFailure(failure -> isMove(failure) && System.nanoTime() - giveUpNanos < 0)
                .recoverWithUni(() -> Uni.createFrom()
                        .voidItem()
                        .onItem()
                        .delayIt()
                        .by(PERIOD)
                        .chain(() -> ask(question, giveUpNanos)));
    }

    private static <T> Uni<T> answer(Supplier<Uni<T>> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            return Uni.createFrom().failure(e);
        }
    }

    private boolean isMove(Throwable failure) {
        return moves.getAsBoolean()
                && failure instanceof ProblemException e
                && e.problem().type().equals(ProblemType.VIEWS_NOT_READY.uri());
    }
}
