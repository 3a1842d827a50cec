package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page in docs/ that is generated from the program. */
final class ReferencePage {

    /** The property that makes the test write the page instead of comparing it: {@code -Dreference.write=true}. */
    private static final String WRITE = "reference.write";

    private ReferencePage() {}

    /**
     * Fails unless the page has this text.
     *
     * @param command the command that writes the page again, for a developer who has changed the program
     */
    static void assertShows(String page, String text, String command) throws IOException {
        Path file = Path.of("../docs").resolve(page);
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(file, text);
        }
        assertThat(Files.readString(file))
                .as(
                        "docs/%s is generated, and is not what the program has now. Write it again with%n  %s",
                        page, command)
                .isEqualTo(text);
    }

    /** Formats a text as the cell of a table in Markdown: one line without markup. */
    static String cell(String text) {
        return escaped(text.strip()).replace("\n", "<br>").replace("|", "\\|");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("*", "\\*");
    }
}
