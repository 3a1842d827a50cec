package io.gpuctl.cli.cluster;

import io.gpuctl.cli.client.QuantityConverter;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a service still answers after it was told to stop: a mixin. */
final class DrainOption {

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = QuantityConverter.OfDuration.class,
            description =
                    "When it is told to stop, say for so long that it is not ready and answer all the same, so that what shares"
                            + " requests out among several instances leaves it in time: 10s (default: no time).")
    private Duration drain = Duration.ZERO;

    Duration duration() {
        return drain;
    }
}
