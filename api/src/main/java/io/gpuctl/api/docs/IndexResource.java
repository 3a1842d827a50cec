package io.gpuctl.api.docs;

import io.gpuctl.api.problem.Routes;
import io.gpuctl.api.problem.Routes.Route;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /}: the list of routes. */
@Path("/")
@Tag(name = "Service", description = "The service itself.")
class IndexResource {

    /** The list for programs. */
    record Index(String name, List<Route> routes) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "listRoutes", summary = "List the routes", description = "Returns HTML to browsers.")
    public Index json() {
        return new Index("GPU Cluster Orchestrator", Routes.ALL);
    }

    @GET
    @Produces(MediaType.TEXT_HTML + ";qs=0.5") // curl accepts any type, and gets JSON
    @Operation(hidden = true)
    public String html() {
        String rows = Routes.ALL.stream().map(IndexResource::row).collect(Collectors.joining("\n"));
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <title>GPU Cluster Orchestrator</title>
                <style>
                body { font-family: sans-serif; margin: 2rem; }
                td { padding: 0.2rem 1rem 0.2rem 0; vertical-align: top; }
                </style>
                </head>
                <body>
                <h1>GPU Cluster Orchestrator</h1>
                <table>
                %s
                </table>
                </body>
                </html>
                """.formatted(rows);
    }

    private static String row(Route route) {
        String path = route.path().replace("&", "&amp;");
        boolean isPage = route.method().equals("GET") && !route.path().contains("{");
        int query = route.path().indexOf('?');
        String target = query < 0 ? route.path() : route.path().substring(0, query);
        String shown = isPage ? "<a href=\"%s\">%s</a>".formatted(target, path) : path;
        return "<tr><td>%s</td><td><code>%s</code></td><td>%s</td></tr>"
                .formatted(route.method(), shown, route.description());
    }
}
