package io.gpuctl.cli.cluster;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** The Quarkus application: does nothing but wait until it is stopped. */
public final class ApiApplication implements QuarkusApplication {

    @Override
    public int run(String... args) {
        Quarkus.waitForExit();
        return 0;
    }
}
