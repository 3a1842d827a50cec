package io.gpuctl.api.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.api.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UnderWayTest {

    private final UnderWay two = new UnderWay(2);
    private final AtomicInteger begun = new AtomicInteger();

    @Test
    void refusesAtOnceWhatIsTooMuchAndBeginsNothing() {
        ask(new CompletableFuture<>());
        ask(new CompletableFuture<>());

        UniAssertSubscriber<String> third = ask(new CompletableFuture<>());

        third.assertFailedWith(ProblemException.class, "2 submissions are in progress");
        assertThat(((ProblemException) third.getFailure()).problem().status()).isEqualTo(503);
        assertThat(begun).hasValue(2);
    }

    @Test
    void aPlaceIsFreeAfterAResultAFailureAndAnAskerWhoLeaves() {
        var ended = new CompletableFuture<String>();
        ask(ended);
        var failed = new CompletableFuture<String>();
        ask(failed);

        ended.complete("done");
        UniAssertSubscriber<String> leaver = ask(new CompletableFuture<>());
        failed.completeExceptionally(new IllegalStateException());
        ask(new CompletableFuture<>());
        leaver.cancel();
        ask(new CompletableFuture<>());

        assertThat(begun).hasValue(5);
        ask(new CompletableFuture<>()).assertFailedWith(ProblemException.class);
    }

    @Test
    void workThatCannotEvenBeginTakesNoPlace() {
        for (int i = 0; i < 3; i++) {
            two.<String>admit(() -> {
                        throw new IllegalStateException("broken");
                    })
                    .subscribe()
                    .withSubscriber(UniAssertSubscriber.create())
                    .assertFailedWith(IllegalStateException.class, "broken");
        }
    }

    private UniAssertSubscriber<String> ask(CompletableFuture<String> result) {
        return two.admit(() -> {
                    begun.incrementAndGet();
                    return Uni.createFrom().completionStage(result);
                })
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
