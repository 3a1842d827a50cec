package io.gpuctl.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.api.views.RunningUse;
import io.gpuctl.api.views.RunningUse.Share;
import io.gpuctl.events.PoolId;
import io.gpuctl.telemetry.views.UserCursor;
import io.gpuctl.telemetry.views.UserView;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsersResourceTest {
    private static final Share ONE_GPU = new Share(1, 1_000, 5);

    private static UserCursor user(String pool, String name) {
        return new UserCursor(new PoolId(pool), name);
    }

    private static UserView ended(String name) {
        return new UserView(new PoolId("a"), name, 7, 1, Map.of(), 1);
    }

    /** The store has bob and eve. The users ann, dan and zoe have only running tasks; eve also has running tasks. */
    @Test
    void pagesHaveThoseTooOfWhomNothingHasEnded() {
        var use = new RunningUse(Map.of(
                user("a", "ann"), ONE_GPU,
                user("a", "dan"), ONE_GPU,
                user("a", "eve"), ONE_GPU,
                user("b", "zoe"), ONE_GPU));

        var first = UsersResource.withRunning(List.of(ended("bob"), ended("eve")), use, null, 2);
        var second = UsersResource.withRunning(List.of(ended("eve")), use, user("a", "bob"), 2);
        var last = UsersResource.withRunning(List.of(), use, user("a", "eve"), 2);

        assertThat(first).extracting(UserView::user).containsExactly("ann", "bob");
        assertThat(second).extracting(UserView::user).containsExactly("dan", "eve");
        assertThat(second.getLast().energyMj()).isEqualTo(7);
        assertThat(last).extracting(UserView::user).containsExactly("zoe");
    }

    @Test
    void addsUpAPoolAndAll() {
        var use = new RunningUse(Map.of(
                user("a", "ann"), ONE_GPU,
                user("a", "bob"), new Share(2, 500, 0.0004),
                user("b", "zoe"), ONE_GPU));

        assertThat(use.of(new PoolId("a"))).isEqualTo(new Share(3, 1_500, 5.0004));
        assertThat(use.of(new PoolId("c"))).isEqualTo(Share.NONE);
        assertThat(use.total().energyJoules()).isEqualByComparingTo("10.000");
    }
}
