package io.gpuctl.api.views;

import io.gpuctl.api.settings.HostAndPort;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.telemetry.runtime.Views;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The views of this process. They start in the background, so at first there are none. */
public interface ViewsService {

    /**
     * The views.
     *
     * @throws io.gpuctl.telemetry.runtime.ViewsNotReadyException until they were started
     */
    Views views();

    boolean isReady();

    /** Records that the stores of the views have still to restore. */
    long restoreRemaining();

    /** Why they are not ready, for people; null if they are. */
    @Nullable
    String problem();

    /** The log needs a newer program than this one, if it does: then they are never ready again. */
    default Optional<NewerLogError> newerLog() {
        return Optional.empty();
    }

    /** Where clients reach this instance. */
    HostAndPort publicAddress();
}
