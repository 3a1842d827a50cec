package io.gpuctl.api.events;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How many events a client has room for: the HTTP server asks for the next one when it has written the last. */
final class ClientDemand {

    /** The client has taken nothing for so long that it is as good as gone. */
    static final class ClientStuckException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** More than this at once is as good as no limit. */
    private static final int PERMITS_MAX = 1 << 20;

    private final Duration patience;
    private final Semaphore permits = new Semaphore(0);

    ClientDemand(Duration patience) {
        this.patience = patience;
    }

    void add(long events) {
        int room = PERMITS_MAX - permits.availablePermits();
        permits.release((int) Math.min(events, Math.max(0, room)));
    }

    void take() throws ClientStuckException, InterruptedException {
        if (!permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new ClientStuckException();
        }
    }
}
