package io.gpuctl.api.views;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Waits for views that move. When an instance stops, its partitions are another's within seconds; until then nobody has a whole
 * answer, and a client that waits for one is better off than one that is refused.
 */
final class Patience {

    private static final Duration PERIOD = Duration.ofMillis(100);

    private final Duration timeout;
    private final BooleanSupplier moves;

    /**
     * @param timeout after which the client is refused all the same
     * @param moves whether views that are not ready are moving, and not starting, which may take minutes
     */
    Patience(Duration timeout, BooleanSupplier moves) {
        this.timeout = timeout;
        this.moves = moves;
    }

    /** Asks again while the views are not ready, and fails as the last question did. */
    <T> Uni<T> with(Uni<T> question) {
        return Uni.createFrom().deferred(() -> {
            long giveUpNanos = System.nanoTime() + timeout.toNanos();
            return question.onFailure(this::isMove)
                    .retry()
                    .when(failures -> failures.onItem()
                            .transformToUniAndConcatenate(failure -> System.nanoTime() - giveUpNanos < 0
                                    ? Uni.createFrom()
                                            .item(failure)
                                            .onItem()
                                            .delayIt()
                                            .by(PERIOD)
                                    : Uni.createFrom().failure(failure)));
        });
    }

    private boolean isMove(Throwable failure) {
        return moves.getAsBoolean()
                && failure instanceof ProblemException e
                && e.problem().type().equals(ProblemType.VIEWS_NOT_READY.uri());
    }
}
