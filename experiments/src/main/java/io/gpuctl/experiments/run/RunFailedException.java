package io.gpuctl.experiments.run;

import io.gpuctl.experiments.result.RunKey;
import java.io.Serial;

/** A run failed. */
public final class RunFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    RunFailedException(RunKey key, Throwable cause) {
        super(
                "The run of %s with policy %s%s and seed %d failed: %s"
                        .formatted(
                                key.workload(),
                                key.policy(),
                                key.loadText().isEmpty() ? "" : ", load " + key.loadText(),
                                key.seed(),
                                cause.getMessage()),
                cause);
    }
}
