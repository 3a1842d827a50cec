package io.gpuctl.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.gpuctl.cli.CommandFailedException;
import java.io.Serial;
import java.net.URI;
import java.util.regex.Pattern;

/** Thrown when the API refuses a request. The message is from the API's problem document (RFC 9457), if it sent one. */
public final class ApiProblemException extends CommandFailedException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final String NOT_FOUND = "urn:gpuctl:problem:not-found";
    private static final Pattern ROUTE_OF_LISTING = Pattern.compile("\\bGET /(tasks|nodes|users)\\b(?![/?])");

    private final int status;
    private final String kind;
    private final String field;
    private final String reason;

    private ApiProblemException(int status, JsonNode problem, String message) {
        super(message);
        this.status = status;
        this.kind = problem.path("type").asText();
        this.field = problem.path("field").asText();
        this.reason = problem.path("reason").asText();
    }

    static ApiProblemException of(URI server, int status, String body) {
        return of(server, status, parse(body));
    }

    static ApiProblemException of(URI server, int status, JsonNode problem) {
        StringBuilder message = new StringBuilder(title(problem));
        append(message, ": ", asCommands(problem.path("detail").asText()));
        JsonNode errors = problem.path("errors");
        if (errors.size() > 1) {
            errors.forEach(error -> append(message, "\n  ", error.path("detail").asText()));
        }
        if (message.isEmpty()) {
            message.append("%s answered with status %d".formatted(server, status));
        }
        return new ApiProblemException(status, problem, message.toString());
    }

    /** Leaves out the title of a "not found" problem if the detail says what was not found. */
    private static String title(JsonNode problem) {
        boolean isSaidByDetail = problem.path("type").asText().equals(NOT_FOUND)
                && !problem.path("detail").asText().isEmpty();
        return isSaidByDetail ? "" : problem.path("title").asText();
    }

    /** Replaces routes by commands: users of gpuctl know its commands, not the routes. */
    private static String asCommands(String detail) {
        return ROUTE_OF_LISTING.matcher(detail).replaceAll("gpuctl get $1");
    }

    private static void append(StringBuilder message, String separator, String part) {
        if (!part.isEmpty()) {
            message.append(message.isEmpty() ? "" : separator).append(part);
        }
    }

    private static JsonNode parse(String body) {
        try {
            return JsonMapper.builder().build().readTree(body);
        } catch (JsonProcessingException _) {
            // For example a proxy's error page: the status is enough.
            return MissingNode.getInstance();
        }
    }

    /** The HTTP status, from 400 on. */
    public int status() {
        return status;
    }

    /** Returns whether the same request may succeed later. */
    public boolean mayPassLater() {
        return status == 429 || status >= 500;
    }

    /** Returns the type of the problem, a URN; empty if the answer was no problem document. */
    public String kind() {
        return kind;
    }

    /** Returns the first invalid field; empty if the problem is not about fields. */
    public String field() {
        return field;
    }

    /** Returns why no node could ever run the task; empty if the problem is a different one. */
    public String reason() {
        return reason;
    }
}
