package io.gpuctl.api.problem;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.units.PlainText;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An error in a field of a body, a parameter or a header.
 *
 * @param field the name, as the client wrote it
 * @param value what the client wrote, shortened if long; absent if the client wrote nothing
 * @param allowed what is allowed, as a phrase
 * @param detail the whole error in one sentence
 */
@JsonPropertyOrder({"field", "value", "allowed", "detail"})
@Schema(description = "One error in a field of the body, a parameter or a header.")
public record FieldError(
        @Schema(description = "The field's name.", examples = "priority")
        String field,

        @Schema(
                description = "The given value; absent if no value was given.",
                examples = "urgent",
                implementation = Object.class)
        @Nullable
        JsonNode value,

        @Schema(description = "What is allowed.", examples = "one of low, normal, high")
        String allowed,

        @Schema(description = "The whole error in one sentence.")
        String detail) {

    public static FieldError of(String field, JsonNode value, String allowed) {
        return new FieldError(
                field,
                shortened(value),
                allowed,
                "%s is %s, but must be %s".formatted(field, shortened(value), allowed));
    }

    public static FieldError of(String field, String value, String allowed) {
        return of(field, TextNode.valueOf(value), allowed);
    }

    /** Returns the error with the name that the client knows. */
    public static FieldError of(String field, InvalidFieldException invalid, JsonNode value) {
        return of(field, value, invalid.allowed());
    }

    private static JsonNode shortened(JsonNode value) {
        String text = value.isTextual() ? value.textValue() : value.toString();
        String cut = PlainText.cut(text);
        return cut.length() == text.length() ? value : TextNode.valueOf(cut);
    }
}
