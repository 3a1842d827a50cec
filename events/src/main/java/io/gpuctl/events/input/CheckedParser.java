package io.gpuctl.events.input;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.units.Decimals;
import io.gpuctl.events.units.PlainText;
import java.io.IOException;
import java.nio.CharBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Checks each number, text and name before the caller gets it. Throws {@link RefusedValueException}. */
final class CheckedParser extends JsonParserDelegate {

    private final boolean allowsLineFeeds;

    CheckedParser(JsonParser parser, boolean allowsLineFeeds) {
        super(parser);
        this.allowsLineFeeds = allowsLineFeeds;
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        JsonToken token = next();
        if (token == null) {
            return null;
        }
        switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> check(Decimals.isAllowed(text()), Decimals.ALLOWED);
            case VALUE_STRING -> check(isPlain(text()), PlainText.ALLOWED);
            case FIELD_NAME -> check(PlainText.isPlain(text()), PlainText.ALLOWED);
            default -> {
                // Other tokens hold no text of the author.
            }
        }
        return token;
    }

    private @Nullable JsonToken next() throws IOException {
        try {
            return super.nextToken();
        } catch (StreamConstraintsException e) {
            throw new StreamConstraintsException(e.getOriginalMessage(), currentLocation()); // It names no place.
        }
    }

    private boolean isPlain(CharSequence text) {
        return allowsLineFeeds ? text.toString().lines().allMatch(PlainText::isPlain) : PlainText.isPlain(text);
    }

    private CharSequence text() throws IOException {
        return CharBuffer.wrap(getTextCharacters(), getTextOffset(), getTextLength());
    }

    private void check(boolean isAllowed, String allowed) throws IOException {
        if (!isAllowed) {
            String value = PlainText.cut(getText());
            throw new RefusedValueException(new InvalidFieldException(field(), value, allowed), currentTokenLocation());
        }
    }

    private String field() {
        Deque<String> names = new ArrayDeque<>();
        for (JsonStreamContext place = getParsingContext(); place != null; place = place.getParent()) {
            if (place.inArray()) {
                names.addFirst("[" + place.getCurrentIndex() + "]");
            } else if (place.inObject() && place.hasCurrentName()) {
                names.addFirst("." + place.getCurrentName());
            }
        }
        String path = String.join("", names);
        return path.isEmpty() ? "the document" : PlainText.quoted(path.startsWith(".") ? path.substring(1) : path);
    }
}
