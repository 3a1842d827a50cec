package io.gpuctl.deploy.containers;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.awaitility.core.ConditionTimeoutException;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/**
 * Waits until Docker reports that a container is healthy. Testcontainers' own strategy polls the daemon without a
 * pause: for three containers, that takes more than one core, which the containers then lack.
 */
final class UntilHealthy extends AbstractWaitStrategy {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int LOG_CHARACTERS_MAX = 8_000;

    @Override
    protected void waitUntilReady() {
        try {
            await("the container is healthy")
                    .atMost(startupTimeout)
                    .pollInterval(PAUSE)
                    .until(waitStrategyTarget::isHealthy);
        } catch (ConditionTimeoutException e) {
            String log = waitStrategyTarget.getLogs();
            throw new ContainerLaunchException(
                    "The container is not healthy after %d s. The end of its log:%n%s"
                            .formatted(
                                    startupTimeout.toSeconds(),
                                    log.substring(Math.max(0, log.length() - LOG_CHARACTERS_MAX))),
                    e);
        }
    }
}
