package io.gpuctl.events.kafka;

import java.util.ArrayList;
import java.util.List;

/**
 * Describes a failure in one line. Kafka wraps the cause several times, and only an outer exception names the topic or
 * offset.
 */
public final class FailureText {
    private static final int CHARACTERS_MAX = 1_024;

    /** The text that Kafka Streams adds to a message; the rest of the message repeats the cause. */
    private static final String STACK_TRACE = ", stacktrace=";

    private static final String DUE_TO = " due to:";

    private FailureText() {}

    /** Returns the root cause, and in brackets its subject, if a wrapper names one: a topic, an offset. */
    public static String of(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = failure; cause != null && !chain.contains(cause); cause = cause.getCause()) {
            chain.add(cause);
        }
        Throwable root = chain.getLast();
        StringBuilder text = new StringBuilder(named(root));
        for (Throwable wrapper : chain.subList(0, chain.size() - 1).reversed()) {
            String about = about(wrapper);
            if (!about.isEmpty()) {
                text.append(" (").append(about).append(')');
                break;
            }
        }
        return shortened(text.toString());
    }

    /** Shortens a text to fit into a line of a log or the header of a record. */
    static String shortened(String text) {
        return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX) + "...";
    }

    private static String named(Throwable root) {
        String message = oneLine(root);
        return message.isEmpty()
                ? root.getClass().getSimpleName()
                : root.getClass().getSimpleName() + ": " + message;
    }

    /** Returns the wrapper's message; empty if it only repeats the cause. */
    private static String about(Throwable wrapper) {
        String message = oneLine(wrapper);
        Throwable cause = wrapper.getCause();
        boolean repeats = cause == null || message.equals(cause.toString()) || message.equals(oneLine(cause));
        return repeats ? "" : message;
    }

    private static String oneLine(Throwable failure) {
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        int stackTrace = message.indexOf(STACK_TRACE);
        String first = (stackTrace < 0 ? message : message.substring(0, stackTrace))
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        return first.endsWith(DUE_TO) ? first.substring(0, first.length() - DUE_TO.length()) : first;
    }
}
