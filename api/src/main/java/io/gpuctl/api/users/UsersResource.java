package io.gpuctl.api.users;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.request.Page;
import io.gpuctl.api.request.Paging;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.api.views.RunningTasks;
import io.gpuctl.api.views.RunningUse;
import io.gpuctl.telemetry.views.UserCursor;
import io.gpuctl.telemetry.views.UserView;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /users}. */
@Path("/users")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Users", description = "Totals of each user's tasks.")
class UsersResource {

    private final ClusterViews views;
    private final RunningTasks running;

    UsersResource(ClusterViews views, RunningTasks running) {
        this.views = views;
        this.running = running;
    }

    /** A page of users. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(description = "A page of users, by pool and name.")
    record UserList(List<User> users, @Nullable String nextCursor) implements Page {}

    @GET
    @Operation(
            operationId = "listUsers",
            summary = "List users",
            description = "Users with a task that holds GPUs, or with an ended task or attempt. One entry for each"
                    + " user and pool, ordered by pool and name, a page at a time.")
    @APIResponse(
            responseCode = "200",
            description = "A page.",
            content = @Content(schema = @Schema(implementation = UserList.class)))
    public Uni<UserList> list(
            @Parameter(description = "Users" + Paging.RANGE + Paging.DEFAULT) @QueryParam("limit") @Nullable
                    String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int size = Paging.size(limit);
        var after = Paging.after(cursor, UserCursor::parse);
        return Uni.combine()
                .all()
                .unis(views.users(after, size), running.use())
                .with((ended, use) -> page(withRunning(ended, use, after, size), use, size));
    }

    /** Adds users with running tasks to a page of users with ended tasks or attempts; returns the first of both. */
    static List<UserView> withRunning(List<UserView> ended, RunningUse use, @Nullable UserCursor after, int limit) {
        SortedMap<UserCursor, UserView> users = new TreeMap<>(UserCursor.BY_KEY);
        use.byUser().keySet().stream()
                .filter(user -> after == null || UserCursor.BY_KEY.compare(user, after) > 0)
                .forEach(user -> users.put(user, UserView.empty(user.pool(), user.user())));
        ended.forEach(view -> users.put(view.cursor(), view));
        return users.values().stream().limit(limit).toList();
    }

    private static UserList page(List<UserView> views, RunningUse use, int limit) {
        String next = Paging.next(views, limit, _ -> 0, view -> view.cursor().key());
        return new UserList(
                views.stream().map(view -> User.of(view, use.of(view.cursor()))).toList(), next);
    }
}
