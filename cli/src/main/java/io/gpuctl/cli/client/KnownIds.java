package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.output.Printable;
import java.io.Serial;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Prints ids for shell completion; the completion script calls this command at each TAB. If no cluster answers in time,
 * the command prints nothing, not even an error, since an error would appear in the user's prompt.
 */
@Command(name = "ids", hidden = true, description = "Prints ids that the cluster knows, for the completion script.")
public final class KnownIds extends ClientCommand {

    private static final long PATIENCE_MS = 1_000;

    /** The maximum number of ids: more than a user reads in a terminal. */
    private static final int COUNT_MAX = 1_000;

    /** The kinds of ids. */
    enum Kind {
        tasks("tasks", "task_id", false),
        unfinished_tasks("tasks", "task_id", true),
        nodes("nodes", "node_id", false),
        racks("nodes", "rack", false),
        pools("nodes", "pool", false);

        private final String listing;
        private final String field;
        private final boolean isOfUnfinished;

        Kind(String listing, String field, boolean isOfUnfinished) {
            this.listing = listing;
            this.field = field;
            this.isOfUnfinished = isOfUnfinished;
        }

        private String placeholder() {
            return "<" + name() + ">";
        }
    }

    @Parameters(index = "0", paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // picocli demands it.
    private Kind kind;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PREFIX", description = "Only ids with this prefix.")
    private String prefix = "";

    @Override
    int run(ApiClient api) throws InterruptedException {
        List<JsonNode> read = Collections.synchronizedList(new ArrayList<>());
        Thread reader = Thread.ofVirtual().name("ids").start(() -> read(api, read));
        reader.join(PATIENCE_MS);
        reader.interrupt();
        // If the listing is long, only the entries that arrived in time.
        Stream.of(read.toArray(JsonNode[]::new))
                .filter(entry -> !kind.isOfUnfinished || !new TaskDocument(entry).isFinal())
                .map(entry -> entry.path(kind.field).asText())
                .filter(id -> !id.isEmpty() && id.startsWith(prefix))
                .distinct()
                .limit(COUNT_MAX)
                .map(Printable::line)
                .forEach(out()::println);
        return OK;
    }

    private void read(ApiClient api, List<JsonNode> entries) {
        try {
            Listing.read(api, "/" + kind.listing, kind.listing, Map.of(), Integer.MAX_VALUE, entries);
        } catch (CommandFailedException _) {
            // Nothing answers, or the API refuses the request.
        }
    }

    /**
     * Returns picocli's completion script, extended to replace each {@linkplain Of placeholder} by the ids that it
     * stands for.
     *
     * @param script a script that completes fixed words only
     */
    public static String askedBy(String script) {
        String words = "  options=(\"$@\")\n";
        if (!script.contains(words)) {
            throw new IllegalStateException("The completion script has another form than expected");
        }
        String placeholders = List.of(Kind.values()).stream()
                .map(kind -> "'" + kind.placeholder() + "'")
                .collect(Collectors.joining("|"));
        // GPUCTL_NO_BUILD: pressing TAB must not build anything.
        return script.replace(words, words + """
                  # A word that stands for ids of the cluster: the cluster of --server on this line, if there is one.
                  case "$1" in
                  %s)
                    local kind=${1#<} server=${COMP_LINE#*--server[= ]}
                    if [ "$server" = "$COMP_LINE" ]; then server=; fi
                    server=${server%%%% *}
                    options=()
                    local id
                    while IFS= read -r id; do options+=("$id"); done < <(
                      GPUCTL_NO_BUILD=1 "${COMP_WORDS[0]/#\\~/$HOME}" completion ids "${kind%%%%>}" \\
                        "${COMP_WORDS[COMP_CWORD]}" ${server:+"--server=$server"} 2>/dev/null
                    )
                    ;;
                  esac
                """.formatted(placeholders));
    }

    /**
     * Returns the kind of ids that the candidates of an option or a parameter {@linkplain Of stand for}; empty if none.
     */
    public static Optional<String> kindOf(List<String> candidates) {
        return Stream.of(Kind.values())
                .filter(kind -> candidates.equals(List.of(kind.placeholder())))
                .map(Kind::name)
                .findFirst();
    }

    /** A placeholder for ids, as the only candidate of an option or a parameter. */
    abstract static class Of extends ArrayList<String> {
        @Serial
        private static final long serialVersionUID = 1L;

        Of(Kind kind) {
            super(List.of(kind.placeholder()));
        }
    }

    static final class OfTasks extends Of {
        @Serial
        private static final long serialVersionUID = 1L;

        OfTasks() {
            super(Kind.tasks);
        }
    }

    static final class OfUnfinishedTasks extends Of {
        @Serial
        private static final long serialVersionUID = 1L;

        OfUnfinishedTasks() {
            super(Kind.unfinished_tasks);
        }
    }

    static final class OfNodes extends Of {
        @Serial
        private static final long serialVersionUID = 1L;

        OfNodes() {
            super(Kind.nodes);
        }
    }

    static final class OfRacks extends Of {
        @Serial
        private static final long serialVersionUID = 1L;

        OfRacks() {
            super(Kind.racks);
        }
    }

    static final class OfPools extends Of {
        @Serial
        private static final long serialVersionUID = 1L;

        OfPools() {
            super(Kind.pools);
        }
    }
}
