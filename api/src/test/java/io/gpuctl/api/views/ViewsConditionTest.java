package io.gpuctl.api.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.api.settings.HostAndPort;
import io.gpuctl.telemetry.runtime.Ownership;
import io.gpuctl.telemetry.runtime.Ownership.Host;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViewsConditionTest {

    private final FakeViews views = new FakeViews(new Ownership(new Host("here", 1), Map.of(), Map.of()));
    private final FakeService service = new FakeService(views, new HostAndPort("here.example", 8081));

    @Test
    void viewsThatAreReadySayWhatIsWrongWithThem() {
        assertThat(ViewsCondition.of(service)).isEqualTo(new ViewsCondition(null, List.of("facts are missing")));
    }

    /**
     * The broker may go away between the two questions of the health check: whether the views are ready, and what their
     * problems are.
     */
    @Test
    void viewsThatMoveBetweenTwoQuestionsAreNotReady() {
        views.areMoving = true;

        assertThat(ViewsCondition.of(service)).isEqualTo(new ViewsCondition("The views are moving", List.of()));
    }
}
