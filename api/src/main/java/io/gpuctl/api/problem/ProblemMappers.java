package io.gpuctl.api.problem;

import io.quarkus.logging.Log;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Maps exceptions to {@link Problem}s: those of resources, and those of the router before it calls a resource. */
public final class ProblemMappers {

    @ServerExceptionMapper
    public Response problem(ProblemException e, HttpServerRequest request) {
        var response = response(e.problem(), request);
        if (e.retryAfterSeconds() > 0) {
            response.header(HttpHeaders.RETRY_AFTER, e.retryAfterSeconds());
        }
        return response.build();
    }

    @ServerExceptionMapper
    public Response notFound(NotFoundException e, HttpServerRequest request) {
        return response(Routes.unknown(request.path()), request).build();
    }

    @ServerExceptionMapper
    public Response notAllowed(NotAllowedException e, HttpServerRequest request) {
        String allow = String.join(", ", Routes.methods(String.valueOf(request.path())));
        return response(
                        Problem.of(
                                ProblemType.METHOD_NOT_ALLOWED,
                                "%s does not support %s; supported: %s"
                                        .formatted(request.path(), request.method(), allow)),
                        request)
                .header(HttpHeaders.ALLOW, allow)
                .build();
    }

    @ServerExceptionMapper
    public Response notSupported(NotSupportedException e, HttpServerRequest request) {
        return response(
                        Problem.of(
                                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                                "Send the body as JSON, with the header Content-Type: application/json"),
                        request)
                .build();
    }

    @ServerExceptionMapper
    public Response notAcceptable(NotAcceptableException e, HttpServerRequest request) {
        return response(
                        Problem.of(
                                ProblemType.NOT_ACCEPTABLE,
                                "Send the header Accept: application/json, or text/event-stream at /events"),
                        request)
                .build();
    }

    @ServerExceptionMapper
    public Response other(WebApplicationException e, HttpServerRequest request) {
        int status = e.getResponse().getStatus();
        var problem = switch (status) {
            case 400 -> Problem.of(ProblemType.BAD_REQUEST, "The request cannot be read");
            case 413 -> BodyLimit.tooLarge(request);
            default -> Problem.ofStatus(status, e.getResponse().getStatusInfo().getReasonPhrase());
        };
        return response(problem, request).build();
    }

    /** Logs the exception; the client gets only a reference to the log entry. */
    @ServerExceptionMapper
    public Response unexpected(Throwable e, HttpServerRequest request) {
        String reference = UUID.randomUUID().toString();
        Log.errorf(e, "%s %s failed, reference %s", request.method(), request.path(), reference);
        return response(
                        Problem.of(
                                ProblemType.INTERNAL,
                                "Unexpected error; see reference " + reference + " in the server's log"),
                        request)
                .build();
    }

    private static Response.ResponseBuilder response(Problem problem, HttpServerRequest request) {
        return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem.at(request.path()));
    }
}
