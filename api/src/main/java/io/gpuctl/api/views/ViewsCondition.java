package io.gpuctl.api.views;

import io.gpuctl.telemetry.runtime.ViewsNotReadyException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The condition of the views of this process at a moment.
 *
 * @param problem why the views are not ready, as text for people; null if they are ready
 * @param warnings what is wrong with ready views, as text for people
 */
public record ViewsCondition(@Nullable String problem, List<String> warnings) {

    /** Returns the current condition. If the views stop being ready during the call, the reason is their problem. */
    public static ViewsCondition of(ViewsService service) {
        String problem = service.problem();
        if (problem != null) {
            return new ViewsCondition(problem, List.of());
        }
        try {
            return new ViewsCondition(null, service.views().problems());
        } catch (ViewsNotReadyException e) {
            return new ViewsCondition(String.valueOf(e.getMessage()), List.of());
        }
    }
}
