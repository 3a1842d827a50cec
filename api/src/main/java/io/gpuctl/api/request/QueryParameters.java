package io.gpuctl.api.request;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gpuctl.api.problem.FieldError;
import io.gpuctl.api.problem.NearMatch;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.events.units.PlainText;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses unknown, repeated and empty query parameters, so that none is silently ignored. Runs before every route; the
 * {@link QueryParam}s of the route's method are its known parameters.
 */
final class QueryParameters {

    /** The parameters of each requested route; there are no more entries than routes. */
    private final Map<Method, List<String>> known = new ConcurrentHashMap<>();

    @ServerRequestFilter
    void check(ResourceInfo route, UriInfo uri) {
        var given = uri.getQueryParameters();
        if (given.isEmpty()) {
            return;
        }
        List<String> names = known.computeIfAbsent(route.getResourceMethod(), QueryParameters::names);
        given.forEach((name, values) -> {
            if (!names.contains(name)) {
                throw unknown(name, names);
            }
            if (values.size() > 1) {
                throw repeated(name, values);
            }
            if (values.getFirst().isEmpty()) {
                throw Parameters.invalid(name, "", "absent or not empty");
            }
        });
    }

    private static List<String> names(Method route) {
        return Arrays.stream(route.getParameters())
                .map((Parameter parameter) -> parameter.getAnnotation(QueryParam.class))
                .filter(Objects::nonNull)
                .map(QueryParam::value)
                .toList();
    }

    private static ProblemException unknown(String name, List<String> known) {
        String near = NearMatch.of(name, known)
                .map(match -> " Did you mean " + match + "?")
                .orElse("");
        String shown = PlainText.quoted(name);
        String allowed = known.isEmpty() ? "no parameters" : "one of " + String.join(", ", known);
        return ProblemException.of(
                ProblemType.INVALID_PARAMETER,
                new FieldError(shown, null, allowed, shown + " is not a parameter of this route." + near));
    }

    private static ProblemException repeated(String name, List<String> values) {
        var given = JsonNodeFactory.instance.arrayNode();
        values.stream().limit(10).forEach(given::add);
        return ProblemException.of(ProblemType.INVALID_PARAMETER, FieldError.of(name, given, "given once"));
    }
}
