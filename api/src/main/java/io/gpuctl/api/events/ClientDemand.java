package io.gpuctl.api.events;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How many events a client has room for: the HTTP server asks for the next one when it has written the last. */
final class ClientDemand {

    /** The client has taken nothing for so long that it is as good as gone. */
    static final class ClientStuckException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final LongSupplier requested;
    private final Duration slowAfter;
    private final Duration goneAfter;
    private final Semaphore changes = new Semaphore(0);
    private boolean wasSlow;

    /**
     * Of a client that has taken nothing yet.
     *
     * @param requested how many events it has room for now
     */
    ClientDemand(LongSupplier requested, Duration slowAfter, Duration goneAfter) {
        this.requested = requested;
        this.slowAfter = slowAfter;
        this.goneAfter = goneAfter;
    }

    /** To be called when there is more room. Any thread. */
    void changed() {
        if (changes.availablePermits() == 0) {
            changes.release();
        }
    }

    /** Returns when the client has room for one event. For the one thread that sends. */
    void await() throws ClientStuckException, InterruptedException {
        long startNanos = System.nanoTime();
        while (requested.getAsLong() == 0) {
            if (!changes.tryAcquire(goneAfter.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ClientStuckException();
            }
        }
        wasSlow |= System.nanoTime() - startNanos >= slowAfter.toNanos();
    }

    /** Whether the client ever let us wait for long. */
    boolean wasSlow() {
        return wasSlow;
    }
}
