package io.gpuctl.cli.output;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The user's terminal, if there is one. Not safe for use by several threads. */
public final class Terminal {

    private static final String CLEAR_LINE_TO_END = "\033[K";
    private static final String CLEAR_SCREEN_TO_END = "\033[J";
    private static final String HOME = "\033[H";
    private static final String CLEAR_ALL = "\033[2J";
    private static final String OTHER_SCREEN = "\033[?1049h\033[?25l";
    private static final String FIRST_SCREEN = "\033[?25h\033[?1049l";

    /** The number of rows of a terminal that does not report its size. */
    private static final int DEFAULT_ROWS = 24;

    private static final int DEFAULT_COLUMNS = 80;

    private final PrintWriter out;
    private boolean screenTaken;

    public Terminal(PrintWriter out) {
        this.out = out;
    }

    /** Returns whether a user looks at the output: it goes neither to a pipe nor to a file. */
    public static boolean isInteractive() {
        // Depending on the JDK, a process without a terminal has no console, or one that is not a terminal.
        boolean isTerminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return isTerminal && !"dumb".equals(System.getenv("TERM"));
    }

    /** Asks a yes-or-no question; any answer but yes means no. Only for an interactive terminal. */
    public static boolean confirm(PrintWriter err, String question) {
        err.print(Printable.line(question) + " [y/N] ");
        err.flush();
        String answer =
                Optional.ofNullable(System.console()).map(Console::readLine).orElse("");
        return answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }

    /**
     * Switches to the terminal's alternate screen and hides the cursor. Returns an action that switches back once. The
     * terminal also switches back when the process ends, even by Ctrl-C.
     */
    public static Runnable takeScreen(PrintWriter out) {
        var isTaken = new AtomicBoolean(true);
        Runnable restore = () -> {
            if (isTaken.getAndSet(false)) {
                out.print(FIRST_SCREEN);
                out.flush();
            }
        };
        Runtime.getRuntime().addShutdownHook(new Thread(restore, "restore-screen"));
        out.print(OTHER_SCREEN);
        out.flush();
        return restore;
    }

    /** Replaces the lines shown before with these lines; leaves out lines that do not fit on the screen. */
    public void redraw(List<String> lines) {
        int rows = rows();
        StringBuilder screen = new StringBuilder(screenTaken ? HOME : CLEAR_ALL + HOME);
        int shown = lines.size() < rows ? lines.size() : rows - 2;
        lines.subList(0, shown)
                .forEach(line -> screen.append(line).append(CLEAR_LINE_TO_END).append('\n'));
        if (shown < lines.size()) {
            screen.append("... and ")
                    .append(lines.size() - shown)
                    .append(" more lines")
                    .append(CLEAR_LINE_TO_END);
        }
        out.print(screen.append(CLEAR_SCREEN_TO_END));
        out.flush();
        screenTaken = true;
    }

    /** Writes this line over the last line. */
    public void redrawLine(String line) {
        out.print("\r" + line + CLEAR_LINE_TO_END);
        out.flush();
    }

    private static int rows() {
        int rows = size(0);
        return rows > 2 ? rows : DEFAULT_ROWS;
    }

    /** Returns the number of characters in a line. */
    static int columns() {
        int columns = size(1);
        return columns > 0 ? columns : DEFAULT_COLUMNS;
    }

    /**
     * The JDK cannot tell the size of the terminal. stty asks the terminal on its stdin, and prints rows and columns.
     * Returns 0 if stty fails.
     */
    private static int size(int index) {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Redirect.INHERIT)
                    .redirectError(Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            String[] numbers = size.strip().split(" ", 2);
            return index < numbers.length ? Integer.parseInt(numbers[index]) : 0;
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
    }
}
