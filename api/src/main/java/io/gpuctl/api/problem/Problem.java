package io.gpuctl.api.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.events.PendingReason;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 describes it, the body of every answer from 400 on.
 *
 * @param type a URN by which programs tell the kinds apart
 * @param instance the path that was asked for
 * @param field the first field that is wrong, with {@code value} and {@code allowed}; absent if none is
 * @param reason why a task could never run; absent of other kinds
 * @param errors all fields that are wrong; absent if it is not about fields
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "field", "value", "allowed", "reason", "errors"})
@Schema(description = "An error (RFC 9457).")
public record Problem(
        @Schema(description = "Kind of the error.", examples = "urn:gpuctl:problem:invalid-field")
        String type,

        @Schema(description = "The kind in words.", examples = "A field is not valid")
        String title,

        @Schema(description = "The HTTP status.", examples = "422")
        int status,

        @Schema(
                description = "What is wrong here, and what to do.",
                examples = "priority is \"urgent\", but must be one of low, normal, high")
        String detail,

        @Schema(description = "The path that was asked for.", examples = "/tasks") @Nullable
        String instance,

        @Schema(description = "The first field that is wrong.", examples = "priority") @Nullable
        String field,

        @Schema(description = "Its value.", examples = "urgent", implementation = Object.class) @Nullable
        JsonNode value,

        @Schema(description = "What is allowed for it.", examples = "one of low, normal, high") @Nullable
        String allowed,

        @Schema(
                description =
                        "Why no node could ever run the task: the reason for which the scheduler would reject it.",
                examples = "InsufficientGpuMemory")
        PendingReason.@Nullable Code reason,

        @Schema(description = "Every field that is wrong.") @Nullable
        List<FieldError> errors) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type.uri(), type.title(), type.status(), detail, null, null, null, null, null, null);
    }

    /** About at least one field. */
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

    /** For a status that has no type of its own. */
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
