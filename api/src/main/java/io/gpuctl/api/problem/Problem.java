package io.gpuctl.api.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.events.PendingReason;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An error in the form of RFC 9457: the body of every answer with a status of 400 or higher.
 *
 * @param type a URN by which programs distinguish the kinds of errors
 * @param instance the requested path
 * @param field the first invalid field, with {@code value} and {@code allowed}; absent if there is none
 * @param reason why a task could never run; absent for other errors
 * @param errors all invalid fields; absent if there are none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "field", "value", "allowed", "reason", "errors"})
@Schema(description = "An error (RFC 9457).")
public record Problem(
        @Schema(description = "Kind of the error.", examples = "urn:gpuctl:problem:invalid-field")
        String type,

        @Schema(description = "The kind of the error in words.", examples = "A field is not valid")
        String title,

        @Schema(description = "The HTTP status.", examples = "422")
        int status,

        @Schema(
                description = "What is wrong with this request, and what to do.",
                examples = "priority is \"urgent\", but must be one of low, normal, high")
        String detail,

        @Schema(description = "The requested path.", examples = "/tasks") @Nullable
        String instance,

        @Schema(description = "The first invalid field.", examples = "priority") @Nullable
        String field,

        @Schema(description = "The value of this field.", examples = "urgent", implementation = Object.class) @Nullable
        JsonNode value,

        @Schema(description = "What is allowed for this field.", examples = "one of low, normal, high") @Nullable
        String allowed,

        @Schema(
                description =
                        "Why no node could ever run the task: the reason why the scheduler would reject the task.",
                examples = "InsufficientGpuMemory")
        PendingReason.@Nullable Code reason,

        @Schema(description = "All invalid fields.") @Nullable
        List<FieldError> errors) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type.uri(), type.title(), type.status(), detail, null, null, null, null, null, null);
    }

    /** Returns a problem with one or more fields. */
    public static Problem of(ProblemType type, List<FieldError> errors) {
        var first = errors.getFirst();
        String detail = errors.size() == 1
                ? first.detail()
                : first.detail() + "; and " + (errors.size() - 1) + " more, see errors";
        return new Problem(
                type.uri(),
                type.title(),
                type.status(),
                detail,
                null,
                first.field(),
                first.value(),
                first.allowed(),
                null,
                List.copyOf(errors));
    }

    /** Returns a problem for a status that has no type of its own. */
    public static Problem ofStatus(int status, String detail) {
        return new Problem(
                "about:blank", ProblemType.OTHER.title(), status, detail, null, null, null, null, null, null);
    }

    public Problem at(@Nullable String path) {
        return new Problem(type, title, status, detail, path, field, value, allowed, reason, errors);
    }

    public Problem because(PendingReason.@Nullable Code code) {
        return new Problem(type, title, status, detail, instance, field, value, allowed, code, errors);
    }
}
