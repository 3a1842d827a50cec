package io.gpuctl.api.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Duration;

/**
 * How this instance stops. For a while it still answers everything, so that whoever shares requests out among the instances can
 * leave it first: it says that it is not ready, and asks for connections to be closed. Then it finishes what is under way.
 * Thread-safe.
 */
@ApplicationScoped
public class Stopping {

    /** Longer than a request waits for views that move. */
    private static final Duration FINISH_TIMEOUT = Duration.ofSeconds(15);

    private final Event<Begun> beginning;
    private volatile boolean begun;
    private Round current = new Round();

    Stopping(Event<Begun> beginning) {
        this.beginning = beginning;
    }

    /** Fired when the stop begins: what would never end by itself must end now. */
    public record Begun() {}

    /** Requests that began before the same moment. */
    public static final class Round {
        private int underWay;
    }

    public boolean hasBegun() {
        return begun;
    }

    /** A request begins; what is returned is to be given to {@link #end}. */
    public synchronized Round enter() {
        current.underWay++;
        return current;
    }

    /** A request has ended, or its client is gone. */
    public synchronized void end(Round round) {
        round.underWay--;
        notifyAll();
    }

    /**
     * Returns when nothing is under way that began before the drain was over, or has taken too long. To be called while the
     * service still listens.
     *
     * @param drain how long it answers as if nothing had happened, but for saying that it stops
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
