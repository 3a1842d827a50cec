package io.gpuctl.cli;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long tests wait for processes: for a slow machine that also does other work. */
public final class Patience {

    static final Duration LIMIT = Duration.ofMinutes(2);

    private Patience() {}

    /** Waits as Awaitility does, but longer than its 10 s. */
    public static ConditionFactory await() {
        return Awaitility.await().atMost(LIMIT);
    }
}
