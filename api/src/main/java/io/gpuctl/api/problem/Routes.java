package io.gpuctl.api.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes, each with a line for people: for the list at {@code /}, and for suggestions when a path is mistyped. */
public final class Routes {

    /**
     * A route.
     *
     * @param method the HTTP method
     * @param path the path, with {@code {id}} for an id, and with the names of the query parameters
     * @param description what the route does, in one line
     */
    public record Route(String method, String path, String description) {}

    public static final List<Route> ALL = List.of(
            new Route("GET", "/", "this list"),
            new Route("POST", "/tasks", "submit a task"),
            new Route("GET", "/tasks?state=&limit=&cursor=", "list tasks, oldest first"),
            new Route("GET", "/tasks/{id}", "one task: its state, its nodes, or why it does not run"),
            new Route("DELETE", "/tasks/{id}", "cancel a task"),
            new Route("GET", "/tasks/{id}/events?limit=&cursor=", "the task's history"),
            new Route(
                    "GET", "/cluster/status", "nodes, GPUs, tasks, power and temperature, in total and for each pool"),
            new Route("GET", "/nodes?limit=&cursor=&include=", "list nodes by id"),
            new Route("GET", "/nodes/{id}", "one node: its GPUs as last measured, and what runs on it"),
            new Route("GET", "/nodes/{id}/events?limit=&cursor=", "the node's history"),
            new Route(
                    "GET", "/nodes/{id}/telemetry?window=", "utilisation, power and temperature in 10-second windows"),
            new Route("POST", "/nodes/{id}/cordon", "give a node no new tasks"),
            new Route("POST", "/nodes/{id}/drain", "give a node no new tasks, and move its tasks to other nodes"),
            new Route("POST", "/nodes/{id}/uncordon", "give a node tasks again"),
            new Route("POST", "/nodes/{id}/faults", "inject a fault on a simulated node"),
            new Route(
                    "GET",
                    "/users?limit=&cursor=",
                    "list users by pool: the energy of their tasks, and how they ended"),
            new Route("POST", "/scheduler/run?pool=", "run a scheduling pass now, and return the tasks that it placed"),
            new Route(
                    "GET",
                    "/events?task=&node=",
                    "server-sent events of what happens to tasks and nodes, resumable by Last-Event-ID"),
            new Route("GET", "/docs", "this API in Swagger UI"),
            new Route("GET", "/redoc", "this API in ReDoc"),
            new Route("GET", "/openapi", "this API as an OpenAPI document"),
            new Route("GET", "/health", "whether the service is alive and ready: also /health/live, /ready, /started"),
            new Route("GET", "/metrics", "metrics for Prometheus"),
            new Route("GET", "/metrics/nodes/{id}", "a node's GPUs for Prometheus, as dcgm-exporter serves them"),
            new Route("GET", "/metrics/targets", "where Prometheus finds the nodes: HTTP service discovery"));

    private Routes() {}

    /** Returns the problem for a path without a route. */
    static Problem unknown(@Nullable String path) {
        var known = ALL.stream().map(Routes::pathOf).distinct().toList();
        String near = NearMatch.of(String.valueOf(path), known)
                .map(match -> "Did you mean " + match + "? ")
                .orElse("");
        return Problem.of(ProblemType.NO_SUCH_ROUTE, near + "GET / lists the routes");
    }

    /** Returns the HTTP methods that the path supports; empty for a path without a route. */
    static List<String> methods(String path) {
        return ALL.stream()
                .filter(route -> path.matches(pathOf(route).replace("{id}", "[^/]+")))
                .map(Route::method)
                .distinct()
                .toList();
    }

    private static String pathOf(Route route) {
        int query = route.path().indexOf('?');
        return query < 0 ? route.path() : route.path().substring(0, query);
    }
}
