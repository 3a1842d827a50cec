package io.gpuctl.api.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SharedReadTest {
    private final List<CompletableFuture<String>> begun = new ArrayList<>();
    private final SharedRead<String> read = new SharedRead<>(() -> {
        var result = new CompletableFuture<String>();
        begun.add(result);
        return Uni.createFrom().completionStage(result);
    });

    @Test
    void whoAsksWhileOneGoesOnSharesTheNext() {
        var first = ask();
        var second = ask();
        var third = ask();
        assertThat(begun).hasSize(1);

        begun.getFirst().complete("old");
        first.assertCompleted().assertItem("old");
        second.assertNotTerminated();
        assertThat(begun).hasSize(2);

        begun.getLast().complete("new");
        second.assertItem("new");
        third.assertItem("new");
        assertThat(begun).hasSize(2);
        assertThat(read.isRunning()).isFalse();
    }

    @Test
    void whoAsksAfterItsEndBeginsAnother() {
        ask();
        begun.getFirst().complete("old");

        var later = ask();
        assertThat(begun).hasSize(2);
        begun.getLast().complete("new");
        later.assertItem("new");
    }

    @Test
    void aFailureIsOfThoseWhoWaitedForIt() {
        var first = ask();
        var second = ask();

        begun.getFirst().completeExceptionally(new IllegalStateException("broken"));
        first.assertFailedWith(IllegalStateException.class, "broken");
        begun.getLast().complete("new");
        second.assertItem("new");
    }

    @Test
    void anAskerThatGoesAwayEndsNothing() {
        var first = ask();
        var second = ask();
        var third = ask();

        first.cancel();
        second.cancel();
        begun.getFirst().complete("old");
        begun.getLast().complete("new");
        third.assertItem("new");
    }

    private UniAssertSubscriber<String> ask() {
        return read.fromNowOn().subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
