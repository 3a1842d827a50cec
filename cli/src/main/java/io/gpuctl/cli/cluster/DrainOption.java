package io.gpuctl.cli.cluster;

import io.gpuctl.cli.client.QuantityConverter;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The time for which a service still answers after it was told to stop: a mixin. */
final class DrainOption {

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = QuantityConverter.OfDuration.class,
            description =
                    "After the signal to stop, report for this time that the instance is not ready, but still answer,"
                            + " so that a load balancer leaves it in time: 10s (default: no time).")
    private Duration drain = Duration.ZERO;

    Duration duration() {
        return drain;
    }
}
