package io.gpuctl.api.events;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tracks how many events a client has room for: the HTTP server requests the next event when it has written the last.
 */
final class ClientDemand {

    /** Thrown when the client has taken nothing for so long that it counts as gone. */
    static final class ClientStuckException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final LongSupplier requested;
    private final Duration slowAfter;
    private final Duration goneAfter;
    private final Semaphore changes = new Semaphore(0);
    private boolean wasSlow;

    /**
     * Creates the demand of a client that has taken nothing yet.
     *
     * @param requested returns how many events the client has room for now
     */
    ClientDemand(LongSupplier requested, Duration slowAfter, Duration goneAfter) {
        this.requested = requested;
        this.slowAfter = slowAfter;
        this.goneAfter = goneAfter;
    }

    /** Must be called when there is more room. May be called by any thread. */
    void changed() {
        if (changes.availablePermits() == 0) {
            changes.release();
        }
    }

    /** Waits until the client has room for one event. Called only by the sending thread. */
    void await() throws ClientStuckException, InterruptedException {
        long startNanos = System.nanoTime();
        while (requested.getAsLong() == 0) {
            if (!changes.tryAcquire(goneAfter.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ClientStuckException();
            }
        }
        wasSlow |= System.nanoTime() - startNanos >= slowAfter.toNanos();
    }

    /** Returns whether the client ever kept the sender waiting for long. */
    boolean wasSlow() {
        return wasSlow;
    }
}
