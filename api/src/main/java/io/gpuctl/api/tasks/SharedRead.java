package io.gpuctl.api.tasks;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares a costly read between many callers. One read runs at a time; the next read serves all callers that have asked
 * since the current one began. So no caller gets a result that is older than its call. Thread-safe.
 */
final class SharedRead<T> {
    private final Supplier<Uni<? extends T>> read;
    private @Nullable CompletableFuture<T> running;
    private @Nullable CompletableFuture<T> next;

    /** @param read starts a new read for each subscription; every read must end */
    SharedRead(Supplier<Uni<? extends T>> read) {
        this.read = read;
    }

    synchronized boolean isRunning() {
        return running != null;
    }

    /**
     * Returns the result of a read that begins now or later. If that read fails, this fails too, but the next read
     * still starts.
     */
    Uni<T> fromNowOn() {
        // A copy: a caller that cancels must not end the read for the others.
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
                next = result; // The current read may miss changes since its start.
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
