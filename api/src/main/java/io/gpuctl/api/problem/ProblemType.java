package io.gpuctl.api.problem;

/** The kinds of errors. A client may switch on {@link #uri}; titles and details are for people. */
public enum ProblemType {
    /** The body is not JSON, or not an object; or a field has the wrong JSON type. */
    MALFORMED_BODY(400, "malformed-body", "The body cannot be read"),
    INVALID_PARAMETER(400, "invalid-parameter", "A parameter or header is not valid"),
    BAD_REQUEST(400, "bad-request", "The request cannot be read"),
    UNAUTHORIZED(401, "unauthorized", "The secret is missing or wrong"),
    /** A browser sent the request from a page of another origin. */
    FOREIGN_ORIGIN(403, "foreign-origin", "Pages of other origins may not send requests"),
    NOT_FOUND(404, "not-found", "The resource does not exist"),
    NO_SUCH_ROUTE(404, "no-such-route", "There is no such route"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "This route does not support this method"),
    NOT_ACCEPTABLE(406, "not-acceptable", "The answer is not available in the requested media type"),
    REQUEST_TIMEOUT(408, "request-timeout", "The request did not arrive in time"),
    TASK_EXISTS(409, "task-exists", "The task id belongs to another task"),
    TASK_ENDED(409, "task-ended", "The task has ended"),
    PLACE_LOST(410, "place-lost", "The log does not have this place"),
    LENGTH_REQUIRED(411, "length-required", "The body's length must be given"),
    BODY_TOO_LARGE(413, "body-too-large", "The body is too large"),
    URI_TOO_LONG(414, "uri-too-long", "The request line is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "The body must be JSON"),
    FOREIGN_HOST(421, "foreign-host", "The request is for another host"),
    /** Valid JSON, but a field is unknown or holds a value that is not allowed. */
    INVALID_FIELD(422, "invalid-field", "A field is not valid"),
    /** Another submission had the same {@code Idempotency-Key}. */
    KEY_REUSED(422, "key-reused", "The Idempotency-Key belongs to another submission"),
    DOES_NOT_FIT(422, "does-not-fit", "No node could ever run this task"),
    HEADERS_TOO_LARGE(431, "headers-too-large", "The headers are too large"),
    INTERNAL(500, "internal", "An internal error of the server"),
    BROKER_AWAY(503, "broker-away", "The Kafka broker does not answer"),
    NOT_IMPLEMENTED(501, "not-implemented", "The server does not support a feature of the request"),
    VIEWS_NOT_READY(503, "views-not-ready", "The views are not ready"),
    TOO_BUSY(503, "too-busy", "Too many requests at once"),
    NO_ANSWER(504, "no-answer", "The orchestrator did not answer in time"),
    OTHER(500, "other", "The request failed");

    private final int status;
    private final String slug;
    private final String title;

    ProblemType(int status, String slug, String title) {
        this.status = status;
        this.slug = slug;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String uri() {
        return "urn:gpuctl:problem:" + slug;
    }

    public String title() {
        return title;
    }
}
