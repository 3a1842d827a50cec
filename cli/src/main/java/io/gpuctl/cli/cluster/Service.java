package io.gpuctl.cli.cluster;

import java.util.Optional;

/** A part of a cluster that runs in this process. */
interface Service extends AutoCloseable {

    /** For messages: "orchestrator". */
    String name();

    /** Why it no longer works, once it does not; it does not mend itself then. */
    Optional<Throwable> failure();

    /** Stops it, and returns when it has stopped. */
    @Override
    void close();
}
