package io.gpuctl.api.tasks;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Lets so many pieces of work be under way at a time and refuses the others at once. Any thread may ask. */
final class UnderWay {

    private final int max;
    private final AtomicInteger count = new AtomicInteger();

    UnderWay(int max) {
        this.max = max;
    }

    /**
     * What the work yields. Its place is free again once it has yielded or failed, or its asker is gone. Fails with a {@link
     * ProblemException} (503), without beginning the work, if there is no place.
     */
    <T> Uni<T> admit(Supplier<Uni<? extends T>> work) {
        return Uni.createFrom().deferred(() -> {
            if (count.incrementAndGet() > max) {
                count.decrementAndGet();
                return Uni.createFrom()
                        .failure(ProblemException.of(
                                ProblemType.TOO_BUSY,
                                "%d submissions are under way, which is as many as may be; try again".formatted(max)));
            }
            return Uni.createFrom().<T>deferred(work).onTermination().invoke(count::decrementAndGet);
        });
    }
}
