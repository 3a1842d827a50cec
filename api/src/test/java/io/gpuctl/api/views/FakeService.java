package io.gpuctl.api.views;

import io.gpuctl.api.settings.HostAndPort;
import io.gpuctl.telemetry.runtime.Views;

/** Views that are always ready. */
record FakeService(Views views, HostAndPort publicAddress) implements ViewsService {

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public String problem() {
        return null;
    }

    @Override
    public long restoreRemaining() {
        return 0;
    }
}
