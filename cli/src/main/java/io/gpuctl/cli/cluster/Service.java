package io.gpuctl.cli.cluster;

import java.util.Optional;

/** A part of a cluster that runs in this process. */
interface Service extends AutoCloseable {

    /** Returns the name for messages: "orchestrator". */
    String name();

    /** Returns why the service failed; empty while it works. A failed service does not recover by itself. */
    Optional<Throwable> failure();

    /** Stops the service, and returns when it has stopped. */
    @Override
    void close();
}
