package io.gpuctl.api.request;

import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Adds {@code Link: <...>; rel="next"} (RFC 8288) to a page that is not the last: the same request, with the next
 * cursor.
 */
final class PageLinks {

    private static final String CURSOR = "cursor";

    @ServerResponseFilter
    void link(ContainerResponseContext response, UriInfo uri) {
        if (response.getEntity() instanceof Page page && page.nextCursor() != null) {
            String kept = Stream.concat(
                            uri.getQueryParameters().entrySet().stream()
                                    .filter(parameter -> !parameter.getKey().equals(CURSOR))
                                    .map(parameter -> pair(
                                            parameter.getKey(),
                                            parameter.getValue().getFirst())),
                            Stream.of(pair(CURSOR, String.valueOf(page.nextCursor()))))
                    .collect(Collectors.joining("&"));
            response.getHeaders()
                    .add(
                            HttpHeaders.LINK,
                            "<%s?%s>; rel=\"next\""
                                    .formatted(uri.getAbsolutePath().getRawPath(), kept));
        }
    }

    private static String pair(String name, String value) {
        return encoded(name) + "=" + encoded(value);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
