package io.gpuctl.api.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.gpuctl.api.problem.FieldError;
import io.gpuctl.api.problem.NearMatch;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.form.FieldSource;
import io.gpuctl.events.input.RefusedValueException;
import io.gpuctl.events.input.UntrustedJson;
import io.gpuctl.events.units.PlainText;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a JSON object, and collects their errors. A field with an error reads as absent, so that one
 * request reports all its errors; {@link #throwIfWrong} throws them. JSON null counts as absent.
 */
public final class JsonFields implements FieldSource {

    /** Further errors would not help the client, and are dropped. */
    private static final int ERRORS_MAX = 20;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(UntrustedJson.LIMITS)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            // Show 90.0 as the client wrote it, not as 9E+1.
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            // Refuse duplicate fields: it is unknown which value is meant.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final ObjectNode object;
    private final String subject;
    private final List<FieldError> errors = new ArrayList<>();
    private boolean hasWrongType;

    private JsonFields(ObjectNode object, String subject) {
        this.object = object;
        this.subject = subject;
    }

    /**
     * Reads a body.
     *
     * @param subject what the body describes, with its article: "a task"
     * @param example a valid body
     * @throws ProblemException if the body is not a JSON object
     */
    public static JsonFields of(byte[] body, String subject, String example) {
        JsonNode node = document(body);
        if (node == null) {
            throw ProblemException.of(
                    ProblemType.MALFORMED_BODY, "The body is empty, but must be a JSON object, for example " + example);
        }
        return of(node, "The body", subject, example);
    }

    /**
     * Reads a part of a body.
     *
     * @param part what the part is called in errors: "The task"
     * @throws ProblemException if the part is not a JSON object
     */
    public static JsonFields of(JsonNode node, String part, String subject, String example) {
        if (node instanceof ObjectNode object) {
            return new JsonFields(object, subject);
        }
        throw ProblemException.of(
                ProblemType.MALFORMED_BODY, "%s must be a JSON object, for example %s".formatted(part, example));
    }

    /**
     * Returns the elements of a body that is a JSON array.
     *
     * @throws ProblemException if the body is anything else
     */
    public static List<JsonNode> elements(byte[] body) {
        JsonNode node = document(body);
        if (!(node instanceof ArrayNode array)) {
            throw ProblemException.of(ProblemType.MALFORMED_BODY, "The body must be a JSON array");
        }
        List<JsonNode> elements = new ArrayList<>(array.size());
        array.forEach(elements::add);
        return elements;
    }

    /** Returns the JSON in the body; null if the body is empty. */
    private static @Nullable JsonNode document(byte[] body) {
        try (var parser = UntrustedJson.parser(JSON.getFactory(), body)) {
            return JSON.readTree(parser);
        } catch (RefusedValueException e) {
            throw ProblemException.of(ProblemType.INVALID_FIELD, refused(e));
        } catch (JsonProcessingException e) {
            throw ProblemException.of(ProblemType.MALFORMED_BODY, "The body is not JSON: " + UntrustedJson.describe(e));
        } catch (IOException e) {
            throw ProblemException.of(ProblemType.MALFORMED_BODY, "The body is not JSON", e);
        }
    }

    private static FieldError refused(RefusedValueException e) {
        var problem = e.problem();
        return new FieldError(
                problem.field(), TextNode.valueOf(problem.value()), problem.allowed(), UntrustedJson.describe(e));
    }

    /** Reads a body that may be missing; then all fields are absent. */
    public static JsonFields ofOptional(byte[] body, String subject, String example) {
        return body.length == 0
                ? new JsonFields(JsonNodeFactory.instance.objectNode(), subject)
                : of(body, subject, example);
    }

    /** Notes an error for every unknown field, with the known name that was probably meant. */
    public void allow(Collection<String> known) {
        for (var field : object.properties()) {
            if (!known.contains(field.getKey())) {
                note(unknown(field.getKey(), field.getValue(), known));
            }
        }
    }

    private FieldError unknown(String name, JsonNode value, Collection<String> known) {
        String near = NearMatch.of(name, known)
                .map(match -> "Did you mean " + match + "?")
                .orElse("The fields are " + String.join(", ", known) + ".");
        String shown = PlainText.cut(name);
        var error = FieldError.of(shown, value, "one of the fields " + String.join(", ", known));
        return new FieldError(
                shown, error.value(), error.allowed(), shown + " is not a field of " + subject + ". " + near);
    }

    @Override
    public boolean has(String name) {
        return !get(name).isMissingNode();
    }

    private JsonNode get(String name) {
        var value = object.path(name);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    @Override
    public Optional<String> text(String name) {
        var value = get(name);
        if (!value.isMissingNode() && !value.isTextual()) {
            noteWrongType(name, value, "a string");
        }
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    @Override
    public <E extends Enum<E>> Optional<E> oneOf(Class<E> values, String name) {
        Optional<String> given = text(name);
        Optional<E> found = given.flatMap(text -> Arrays.stream(values.getEnumConstants())
                .filter(value -> nameOf(value).equals(text))
                .findFirst());
        if (given.isPresent() && found.isEmpty()) {
            note(
                    name,
                    Arrays.stream(values.getEnumConstants())
                            .map(JsonFields::nameOf)
                            .collect(Collectors.joining(", ", "one of ", "")));
        }
        return found;
    }

    private static String nameOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<String> texts(String name) {
        var value = get(name);
        var texts = new ArrayList<String>();
        boolean wrong = !value.isMissingNode() && !value.isArray();
        for (var element : value) {
            wrong |= !element.isTextual();
            texts.add(element.asText());
        }
        if (wrong) {
            noteWrongType(name, value, "an array of strings");
            return List.of();
        }
        return List.copyOf(texts);
    }

    @Override
    public boolean flag(String name) {
        var value = get(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            noteWrongType(name, value, "true or false");
        }
        return value.asBoolean();
    }

    public Optional<BigDecimal> number(String name) {
        var value = get(name);
        if (!value.isMissingNode() && !value.isNumber()) {
            noteWrongType(name, value, "a number");
        }
        return value.isNumber() ? Optional.of(value.decimalValue()) : Optional.empty();
    }

    @Override
    public Optional<BigDecimal> number(String name, String phrase, long min, long max) {
        return number(name).filter(number -> {
            boolean allowed =
                    number.compareTo(BigDecimal.valueOf(min)) >= 0 && number.compareTo(BigDecimal.valueOf(max)) <= 0;
            if (!allowed) {
                note(name, phrase + " from " + min + " to " + max);
            }
            return allowed;
        });
    }

    @Override
    public Optional<Long> whole(String name, long min, long max) {
        return number(name, "a whole number", min, max).flatMap(number -> {
            if (number.stripTrailingZeros().scale() > 0) {
                note(name, "a whole number from " + min + " to " + max);
                return Optional.empty();
            }
            return Optional.of(number.setScale(0, RoundingMode.UNNECESSARY).longValueExact());
        });
    }

    @Override
    public Optional<Long> secondsAsMs(String name, long maxSeconds) {
        return number(name, "a number of seconds", 0, maxSeconds).flatMap(seconds -> {
            long ms =
                    seconds.movePointRight(3).setScale(0, RoundingMode.HALF_UP).longValueExact();
            if (ms == 0 && seconds.signum() > 0) {
                note(name, "0, or a number of seconds from 0.001 to " + maxSeconds);
                return Optional.empty();
            }
            return Optional.of(ms);
        });
    }

    @Override
    public <T> Optional<T> checked(String name, Supplier<T> constructor) {
        try {
            return Optional.of(constructor.get());
        } catch (InvalidFieldException e) {
            note(FieldError.of(name, e, get(name)));
            return Optional.empty();
        }
    }

    /** Notes that the field's value is not allowed, or that the field is missing. */
    @Override
    public void note(String name, String allowed) {
        note(
                has(name)
                        ? FieldError.of(name, get(name), allowed)
                        : new FieldError(name, null, allowed, name + " is missing, but must be " + allowed));
    }

    private void noteWrongType(String name, JsonNode value, String allowed) {
        hasWrongType = true;
        note(FieldError.of(name, value, allowed));
    }

    private void note(FieldError error) {
        if (errors.size() < ERRORS_MAX) {
            errors.add(error);
        }
    }

    @Override
    public void throwIfWrong() {
        if (!errors.isEmpty()) {
            throw new ProblemException(
                    Problem.of(hasWrongType ? ProblemType.MALFORMED_BODY : ProblemType.INVALID_FIELD, errors));
        }
    }
}
