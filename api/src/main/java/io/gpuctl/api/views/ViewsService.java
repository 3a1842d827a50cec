package io.gpuctl.api.views;

import io.gpuctl.api.settings.HostAndPort;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.telemetry.runtime.Views;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The views of this process. They start in the background, so at first they are not available. */
public interface ViewsService {

    /**
     * Returns the views.
     *
     * @throws io.gpuctl.telemetry.runtime.ViewsNotReadyException until the views have started
     */
    Views views();

    boolean isReady();

    /** Returns the number of records that the stores of the views still have to restore. */
    long restoreRemaining();

    /** Returns why the views are not ready, as text for people; null if they are ready. */
    @Nullable
    String problem();

    /** Returns the error if the log needs a newer program than this one; the views are then never ready again. */
    default Optional<NewerLogError> newerLog() {
        return Optional.empty();
    }

    /** Returns the address at which clients reach this instance. */
    HostAndPort publicAddress();
}
