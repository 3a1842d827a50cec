package io.gpuctl.api.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Duration;

/**
 * Stops this instance gracefully. For a while it still answers all requests, but reports that it is not ready, and asks
 * clients to close connections, so that load balancers can stop using it. Then it finishes the requests in progress.
 * Thread-safe.
 */
@ApplicationScoped
public class Stopping {

    /** Longer than a request waits for views that move between instances. */
    private static final Duration FINISH_TIMEOUT = Duration.ofSeconds(15);

    private final Event<Begun> beginning;
    private volatile boolean begun;
    private Round current = new Round();

    Stopping(Event<Begun> beginning) {
        this.beginning = beginning;
    }

    /** Fired when the stop begins: work that would otherwise never end must end now. */
    public record Begun() {}

    /** The requests that began before a common moment. */
    public static final class Round {
        private int underWay;
    }

    public boolean hasBegun() {
        return begun;
    }

    /** Notes that a request begins; pass the result to {@link #end}. */
    public synchronized Round enter() {
        current.underWay++;
        return current;
    }

    /** Notes that a request has ended, or that its client is gone. */
    public synchronized void end(Round round) {
        round.underWay--;
        notifyAll();
    }

    /**
     * Begins the stop, and returns when all requests that began during the drain have ended, or the wait has timed out.
     * Must be called while the service still listens.
     *
     * @param drain how long the service still answers normally while it reports that it stops
     */
    public void prepare(Duration drain) throws InterruptedException {
        begun = true;
        beginning.fire(new Begun());
        Thread.sleep(drain);
        finish();
    }

    private synchronized void finish() throws InterruptedException {
        long giveUpNanos = System.nanoTime() + FINISH_TIMEOUT.toNanos();
        Round last = current;
        current = new Round();
        while (last.underWay > 0) {
            long leftMs = Duration.ofNanos(giveUpNanos - System.nanoTime()).toMillis();
            if (leftMs <= 0) {
                return;
            }
            wait(leftMs);
        }
    }
}
