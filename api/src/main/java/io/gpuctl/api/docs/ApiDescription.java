package io.gpuctl.api.docs;

import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;

/** What OpenAPI says of the service as a whole. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "GPU Cluster Orchestrator",
                        version = "0.1.0",
                        description =
                                "Submit tasks to a GPU cluster, and see where they run, and why not yet. Errors are"
                                        + " application/problem+json (RFC 9457): 400 for what cannot be read, 422 for what can be"
                                        + " read and is not allowed, 503 with Retry-After while the broker or the views are"
                                        + " away.",
                        license = @License(name = "MIT", url = "https://opensource.org/license/mit")))
final class ApiDescription {

    private ApiDescription() {}
}
