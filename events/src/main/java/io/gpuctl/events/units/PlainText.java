package io.gpuctl.events.units;

import java.util.stream.Collectors;

/**
 * Text that others wrote: what may be kept of it, and how it is quoted. A text that becomes a key or is written must have a
 * UTF-8 form, or two texts become one, and be one line without what steers a terminal or ends a string of C.
 */
public final class PlainText {
    public static final String ALLOWED = "text without control characters and unpaired surrogates";

    /** A message is no place to send back what was given. */
    private static final int QUOTED_LENGTH_MAX = 200;

    private static final int MESSAGE_LENGTH_MAX = 2_000;

    private PlainText() {}

    /** Whether it has neither control characters (C0, DEL, C1) nor halves of surrogate pairs. */
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
     * As it can be shown: what steers a terminal or changes the order of what stands around it (control characters, line and
     * paragraph ends, marks of writing direction), and half pairs of surrogates, as escapes: <code>&#92;u001b</code>.
     */
    public static String escaped(String text) {
        return needsNoEscape(text) ? text : escape(text);
    }

    private static boolean needsNoEscape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Letters and digits of this language end here: whatever is beyond is looked at closely.
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

    /** For a message: escaped, and cut if it is long. */
    public static String quoted(String text) {
        return escaped(cut(text));
    }

    /** What a message says, in as many lines as it has: escaped, and cut if it is very long, as when it quotes a file. */
    public static String message(String text) {
        return cut(text, MESSAGE_LENGTH_MAX).lines().map(PlainText::escaped).collect(Collectors.joining("\n"));
    }

    /** The beginning of a long text; another as it is. */
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
