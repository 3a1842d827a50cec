package io.gpuctl.events.units;

import java.util.stream.Collectors;

/**
 * Text from untrusted sources: which text may be stored, and how it is quoted. A text that becomes a key or is written
 * must have a UTF-8 form; otherwise different texts become the same. It must be one line, without characters that
 * control a terminal or end a C string.
 */
public final class PlainText {
    public static final String ALLOWED = "text without control characters and unpaired surrogates";

    /** The maximum length of quoted text, in characters: a message should not repeat all of the input. */
    private static final int QUOTED_LENGTH_MAX = 200;

    private static final int MESSAGE_LENGTH_MAX = 2_000;

    private PlainText() {}

    /** Returns whether the text has neither control characters (C0, DEL, C1) nor halves of surrogate pairs. */
    public static boolean isPlain(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isControl(c)) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (!isPairAt(text, i)) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static boolean isControl(char c) {
        return c < 0x20 || (c >= 0x7f && c <= 0x9f);
    }

    private static boolean isPairAt(CharSequence text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }

    /**
     * Returns the text in a form that is safe to show. Characters that control a terminal or reorder the text around
     * them (control characters, line and paragraph ends, marks of writing direction) and halves of surrogate pairs
     * become escapes: <code>&#92;u001b</code>.
     */
    public static String escaped(String text) {
        return needsNoEscape(text) ? text : escape(text);
    }

    private static boolean needsNoEscape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Printable ASCII needs no escape; other characters need a closer look.
            if (c < 0x20 || c > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private static String escape(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c) && isPairAt(text, i)) {
                escaped.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c) || steers(c)) {
                escaped.append("\\u%04x".formatted((int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static boolean steers(char c) {
        return isControl(c)
                || c == 0x061c // Arabic letter mark
                || c == 0xfeff // byte order mark
                || (c >= 0x200e && c <= 0x200f) // left-to-right and right-to-left marks
                || (c >= 0x2028 && c <= 0x202e) // line and paragraph ends, embeddings and overrides
                || (c >= 0x2066 && c <= 0x2069); // isolates
    }

    /** Returns the text for a message: escaped, and cut if it is long. */
    public static String quoted(String text) {
        return escaped(cut(text));
    }

    /**
     * Returns a message with its lines kept: escaped, and cut if it is very long, for example because it quotes a file.
     */
    public static String message(String text) {
        return cut(text, MESSAGE_LENGTH_MAX).lines().map(PlainText::escaped).collect(Collectors.joining("\n"));
    }

    /** Returns the beginning of a long text, and a short text unchanged. */
    public static String cut(String text) {
        return cut(text, QUOTED_LENGTH_MAX);
    }

    private static String cut(String text, int lengthMax) {
        if (text.length() <= lengthMax) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(lengthMax - 1)) ? lengthMax - 1 : lengthMax;
        return text.substring(0, end) + "...";
    }
}
