package io.gpuctl.events.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.ContentReference;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.units.PlainText;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Reads JSON from untrusted sources. {@link #LIMITS} hold for all documents; {@link #parser} also refuses bytes that
 * are not UTF-8, numbers that are not {@linkplain io.gpuctl.events.units.Decimals allowed}, and texts that are not
 * {@linkplain PlainText plain}.
 */
public final class UntrustedJson {
    private static final int NESTING_MAX = 100;
    private static final int NAME_LENGTH_MAX = 1_000;
    private static final int NUMBER_LENGTH_MAX = 1_000;

    /** The largest sizes of the parts of a document. The caller also limits the whole document. */
    public static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(NESTING_MAX)
            .maxNameLength(NAME_LENGTH_MAX)
            .maxNumberLength(NUMBER_LENGTH_MAX)
            .build();

    /** The place of a problem in Jackson's messages. */
    private static final Pattern PLACE = Pattern.compile("\\[Source: [^;\\]]*; line: (\\d+), column: (\\d+)]");

    private UntrustedJson() {}

    /**
     * Returns a parser of a document in UTF-8.
     *
     * @param factory with the features that the caller wants
     * @throws RefusedValueException if the document is not UTF-8. The parser throws the same exception for other
     *     refused values
     */
    public static JsonParser parser(JsonFactory factory, byte[] document) throws IOException {
        return checked(factory.createParser(StrictUtf8.decode(document)));
    }

    /** Returns a parser that also refuses numbers and texts that are not allowed. */
    public static JsonParser checked(JsonParser parser) {
        return new CheckedParser(parser, false);
    }

    /**
     * Returns a checked parser for a document whose texts are only read by people and never used as keys: they may have
     * several lines.
     */
    public static JsonParser checkedNotes(JsonParser parser) {
        return new CheckedParser(parser, true);
    }

    /** Describes the problem and its place, if known, in one line: {@code line 1, column 7: it ends too early}. */
    public static String describe(JsonProcessingException e) {
        JsonLocation place = e.getLocation();
        return place == null || place.getLineNr() < 1
                ? problem(e)
                : "line %d, column %d: %s".formatted(place.getLineNr(), place.getColumnNr(), problem(e));
    }

    /** Describes the problem and its column, for a caller that knows the line: {@code column 7: it ends too early}. */
    public static String problemWithColumn(JsonProcessingException e) {
        JsonLocation place = e.getLocation();
        return place == null || place.getColumnNr() < 1
                ? problem(e)
                : "column %d: %s".formatted(place.getColumnNr(), problem(e));
    }

    /** Describes the problem without its place. */
    public static String problem(JsonProcessingException e) {
        if (e.getCause() instanceof InvalidFieldException invalid) {
            return String.valueOf(invalid.getMessage());
        }
        String message = String.valueOf(e.getOriginalMessage());
        return switch (e) {
            case JsonEOFException _ -> "it ends too early: an object, an array or a text is not closed";
            case StreamConstraintsException _ -> limit(message);
            case MismatchedInputException _
            when message.startsWith("Duplicate field") ->
                PlainText.quoted(message.substring(0, endOfSentence(message)));
            case MismatchedInputException _ when message.startsWith("Trailing token") -> "more follows the first value";
            default -> PlainText.quoted(PLACE.matcher(message).replaceAll("line $1, column $2"));
        };
    }

    /** Returns where the sentence ends: the rest of the message names Jackson's classes and settings. */
    private static int endOfSentence(String message) {
        int end = message.indexOf(" for `");
        return end < 0 ? message.length() : end;
    }

    private static String limit(String message) {
        if (message.contains("nesting depth")) {
            return "more than " + NESTING_MAX + " levels of nesting";
        }
        if (message.startsWith("Name")) {
            return "a name of more than " + NAME_LENGTH_MAX + " characters";
        }
        if (message.startsWith("Number")) {
            return "a number of more than " + NUMBER_LENGTH_MAX + " characters";
        }
        return "something in it is too large";
    }

    static JsonLocation place(int line, int column) {
        return new JsonLocation(ContentReference.unknown(), -1, line, column);
    }
}
