package io.gpuctl.api.tasks;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Limits how much work is in progress at a time, and refuses more at once. Thread-safe. */
final class UnderWay {

    private final int max;
    private final AtomicInteger count = new AtomicInteger();

    UnderWay(int max) {
        this.max = max;
    }

    /**
     * Returns the result of the work. Its place becomes free when the work succeeds, fails or is cancelled. Fails with
     * a {@link ProblemException} (503), without starting the work, if there is no free place.
     */
    <T> Uni<T> admit(Supplier<Uni<? extends T>> work) {
        return Uni.createFrom().deferred(() -> {
            if (count.incrementAndGet() > max) {
                count.decrementAndGet();
                return Uni.createFrom()
                        .failure(ProblemException.of(
                                ProblemType.TOO_BUSY,
                                "%d submissions are in progress, which is the limit; try again".formatted(max)));
            }
            return Uni.createFrom().<T>deferred(work).onTermination().invoke(count::decrementAndGet);
        });
    }
}
