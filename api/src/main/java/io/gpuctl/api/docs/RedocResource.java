package io.gpuctl.api.docs;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseHeader;

/** {@code /redoc}: a page around the ReDoc bundle, which is a static resource of this service. */
@Path("/redoc")
class RedocResource {

    /** Lets the browser fetch from this service only; otherwise, ReDoc fetches its maker's logo from a CDN. */
    private static final String SELF_ONLY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;" + " worker-src 'self' blob:";

    private static final String PAGE = "redoc.html";

    private final String page = read();

    @GET
    @Produces(MediaType.TEXT_HTML)
    @ResponseHeader(name = "Content-Security-Policy", value = SELF_ONLY)
    @Operation(hidden = true)
    public String page() {
        return page;
    }

    private static String read() {
        try (var stream = RedocResource.class.getResourceAsStream(PAGE)) {
            return new String(Objects.requireNonNull(stream, PAGE).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
