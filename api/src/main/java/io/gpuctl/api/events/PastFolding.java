package io.gpuctl.api.events;

import io.gpuctl.api.views.ViewsService;
import io.gpuctl.events.Fact;
import io.gpuctl.telemetry.runtime.Views;
import io.gpuctl.telemetry.runtime.ViewsNotReadyException;
import io.gpuctl.telemetry.views.PoolView;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the views of this instance have folded the facts that the log had at the start, which are many after an
 * import. Until then, the views show some earlier state. Once they have folded the facts, this is never checked again.
 */
@ApplicationScoped
public class PastFolding {

    private static final Duration CHECK_PERIOD = Duration.ofMillis(200);
    private static final int CHECKS_MAX = 50;

    private final FactArchive archive;
    private final ViewsService views;
    private final Thread thread = Thread.ofVirtual().name("past-folding").unstarted(this::follow);

    private volatile @Nullable String problem = "The views have not started";

    PastFolding(FactArchive archive, ViewsService views) {
        this.archive = archive;
        this.views = views;
    }

    void start(@Observes StartupEvent event) {
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    /** Returns what the views have still to fold, as text for people; null once they have folded everything. */
    public @Nullable String problem() {
        return problem;
    }

    private void follow() {
        try {
            // Until then, the topic may not exist.
            while (!views.isReady()) {
                Thread.sleep(CHECK_PERIOD);
            }
            while (problem != null) {
                awaitFolded(lastFacts());
            }
        } catch (InterruptedException _) {
            Log.debug("The service is stopping");
        }
    }

    /**
     * Waits for a limited time: a last fact that is alone beyond a gap is skipped when another fact follows, so the end
     * of the log must be read again.
     */
    private void awaitFolded(List<LoggedFact> last) throws InterruptedException {
        for (int check = 0; check < CHECKS_MAX; check++) {
            problem = behind(last);
            if (problem == null) {
                return;
            }
            Thread.sleep(CHECK_PERIOD);
        }
    }

    private List<LoggedFact> lastFacts() throws InterruptedException {
        while (true) {
            try {
                return archive.lastFacts();
            } catch (KafkaException e) {
                problem = "Cannot read the end of the log, retrying: " + e.getMessage();
                Thread.sleep(CHECK_PERIOD);
            }
        }
    }

    private @Nullable String behind(List<LoggedFact> last) {
        try {
            return behind(views.views(), last).orElse(null);
        } catch (ViewsNotReadyException e) {
            return e.getMessage();
        }
    }

    /**
     * Returns which facts the views have still to fold, as text for people; ignores partitions that other instances
     * own.
     */
    static Optional<String> behind(Views views, List<LoggedFact> last) {
        var ownership = views.ownership();
        List<PoolView> pools = views.pools();
        return last.stream()
                .filter(logged -> Objects.equals(ownership.poolPartitions().get(logged.partition()), ownership.self()))
                .map(logged -> behind(logged.fact(), pools))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> behind(Fact last, List<PoolView> pools) {
        PoolView pool = pools.stream()
                .filter(view -> view.pool().equals(last.pool()))
                .findFirst()
                .orElse(PoolView.empty(last.pool()));
        // A fact beyond a gap is never folded.
        return Math.max(pool.sequence(), pool.sequenceAhead()) >= last.sequence()
                ? Optional.empty()
                : Optional.of("The views are still folding old facts: pool %s is at fact %d of %d"
                        .formatted(pool.pool(), pool.sequence(), last.sequence()));
    }
}
