package io.gpuctl.api.views;

import io.gpuctl.telemetry.runtime.ViewsNotReadyException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the views of this process are at a moment.
 *
 * @param problem why they are not ready, for people; null if they are
 * @param warnings what is wrong with views that are ready, for people
 */
public record ViewsCondition(@Nullable String problem, List<String> warnings) {

    /** Views may stop being ready between two questions: then that is their problem. */
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
