package io.gpuctl.api.tasks;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A costly read that many ask for: one goes on at a time, and one after it serves all who have asked since it began. So each gets
 * what is not older than the question. Of any thread.
 */
final class SharedRead<T> {
    private final Supplier<Uni<? extends T>> read;
    private @Nullable CompletableFuture<T> running;
    private @Nullable CompletableFuture<T> next;

    /** @param read begins anew with each subscription, and ends */
    SharedRead(Supplier<Uni<? extends T>> read) {
        this.read = read;
    }

    synchronized boolean isRunning() {
        return running != null;
    }

    /** What a read finds that begins now or later. Fails as that does; the next one begins all the same. */
    Uni<T> fromNowOn() {
        // A copy: an asker that goes away must not end the read for the others.
        return Uni.createFrom().completionStage(() -> asked().copy());
    }

    private CompletableFuture<T> asked() {
        CompletableFuture<T> result;
        synchronized (this) {
            if (next != null) {
                return next;
            }
            result = new CompletableFuture<>();
            if (running != null) {
                next = result; // What has changed since that one began may be missing in it.
                return result;
            }
            running = result;
        }
        begin(result);
        return result;
    }

    private void begin(CompletableFuture<T> result) {
        Uni.createFrom()
                .deferred(read)
                .subscribe()
                .with(
                        found -> {
                            result.complete(found);
                            goOn();
                        },
                        failure -> {
                            result.completeExceptionally(failure);
                            goOn();
                        });
    }

    private void goOn() {
        CompletableFuture<T> result;
        synchronized (this) {
            result = next;
            running = result;
            next = null;
        }
        if (result != null) {
            begin(result);
        }
    }
}
