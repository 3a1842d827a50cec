package io.gpuctl.api.access;

import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.settings.ApiSettings;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses requests that a foreign web page may send from a browser.
 *
 * <ul>
 *   <li>A foreign name in {@code Host}: see {@link AllowedHosts}.
 *   <li>{@code Origin} or {@code Sec-Fetch-Site} of another site, including another port of this host. Links to pages
 *       of this service are allowed from anywhere: a navigation by GET changes nothing.
 *   <li>A body, or a POST without a body, whose type is neither {@code application/json} nor
 *       {@code application/x-ndjson}. Before a browser sends these types to another origin, it asks for permission, and
 *       does not get it.
 * </ul>
 */
@ApplicationScoped
public class RequestCheck {

    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");
    private static final Set<String> JSON = Set.of("application/json", "application/x-ndjson");

    private final AllowedHosts hosts;

    @Inject
    RequestCheck(ApiSettings settings) {
        this(settings.allowedHosts());
    }

    /** For use without a container. */
    RequestCheck(Collection<String> allowedHosts) {
        hosts = new AllowedHosts(allowedHosts);
    }

    /** Returns why the request is refused; empty if it is not. */
    public Optional<Problem> refusal(HttpServerRequest request) {
        return hostRefusal(request)
                .or(() -> originRefusal(request))
                .or(() -> encodingRefusal(request))
                .or(() -> contentRefusal(request));
    }

    private Optional<Problem> hostRefusal(HttpServerRequest request) {
        List<String> given = request.headers().getAll(HttpHeaderNames.HOST);
        if (given.size() != 1) {
            return Optional.of(Problem.of(
                    ProblemType.BAD_REQUEST,
                    given.isEmpty() ? "The header Host is missing" : "The header Host is given more than once"));
        }
        var name = AllowedHosts.nameIn(given.getFirst());
        if (name.isEmpty()) {
            return Optional.of(Problem.of(ProblemType.BAD_REQUEST, "The header Host is not HOST or HOST:PORT"));
        }
        if (hosts.allows(name.get(), localAddress(request))) {
            return Optional.empty();
        }
        return Optional.of(Problem.of(
                ProblemType.FOREIGN_HOST,
                ("This server does not accept the host name %s. If the name is correct, start the server with"
                                + " --allow-host %s")
                        .formatted(shortened(name.get()), shortened(name.get()))));
    }

    private static String localAddress(HttpServerRequest request) {
        SocketAddress local = request.localAddress();
        String address = local == null ? null : local.hostAddress();
        return address == null ? "" : address;
    }

    private static Optional<Problem> originRefusal(HttpServerRequest request) {
        var headers = request.headers();
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin != null && !isOf(origin, String.valueOf(headers.get(HttpHeaderNames.HOST)))) {
            return Optional.of(foreign("the header Origin is " + shortened(origin)));
        }
        String site = headers.get("Sec-Fetch-Site");
        if (site != null && !OWN_SITE.contains(site.toLowerCase(Locale.ROOT)) && !isNavigation(request)) {
            return Optional.of(foreign("the header Sec-Fetch-Site is " + shortened(site)));
        }
        return Optional.empty();
    }

    private static Problem foreign(String reason) {
        return Problem.of(
                ProblemType.FOREIGN_ORIGIN,
                "In a browser, only this server's own pages may send requests to it: " + reason);
    }

    private static boolean isNavigation(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET)
                && "navigate".equalsIgnoreCase(request.getHeader("Sec-Fetch-Mode"))
                && "document".equalsIgnoreCase(request.getHeader("Sec-Fetch-Dest"));
    }

    /** Returns whether the origin has this host and port; its scheme may be that of a proxy. */
    private static boolean isOf(String origin, String host) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return withoutDefaultPort(lower, lower.replaceFirst("^https?://", ""))
                .equals(withoutDefaultPort(lower, host.toLowerCase(Locale.ROOT)));
    }

    private static String withoutDefaultPort(String origin, String authority) {
        return authority.replaceFirst(origin.startsWith("https:") ? ":443$" : ":80$", "");
    }

    private static Optional<Problem> encodingRefusal(HttpServerRequest request) {
        String encoding = request.getHeader(HttpHeaderNames.TRANSFER_ENCODING);
        return encoding == null || encoding.strip().equalsIgnoreCase("chunked")
                ? Optional.empty()
                : Optional.of(Problem.of(ProblemType.NOT_IMPLEMENTED, "Transfer-Encoding must be chunked"));
    }

    private static Optional<Problem> contentRefusal(HttpServerRequest request) {
        // Except for GET, HEAD and POST, a browser asks for permission before the request, even without a body.
        boolean mustBeJson =
                request.method().equals(HttpMethod.POST) || (!SAFE.contains(request.method()) && hasBody(request));
        List<String> types = request.headers().getAll(HttpHeaderNames.CONTENT_TYPE);
        if (!mustBeJson || (types.size() == 1 && isJson(types.getFirst()))) {
            return Optional.empty();
        }
        return Optional.of(Problem.of(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                "Send the header Content-Type: application/json, also with an empty body"));
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                || (length != null && !length.strip().equals("0"));
    }

    private static boolean isJson(String contentType) {
        int parameters = contentType.indexOf(';');
        String mediaType = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return JSON.contains(mediaType.strip().toLowerCase(Locale.ROOT));
    }

    private static String shortened(String text) {
        int max = 100;
        return text.length() <= max ? text : text.substring(0, max) + "...";
    }
}
