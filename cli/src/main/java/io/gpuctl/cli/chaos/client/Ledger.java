package io.gpuctl.cli.chaos.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every request and every answer, in a file of JSON Lines and in memory: a line before a request is sent, and a line when
 * its answer came or was given up. Thread-safe.
 */
public final class Ledger implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferedWriter file;
    private final List<Claim> claims = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final SortedMap<String, Integer> answers = new TreeMap<>();
    private final Timeline timeline = new Timeline();
    private long requests;
    private boolean isClosed;

    public Ledger(Path file) {
        try {
            this.file = Files.newBufferedWriter(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void add(Claim claim) {
        claims.add(claim);
    }

    /** A request is about to be sent. Returns its number. */
    synchronized long before(String method, URI target, @Nullable String key, @Nullable String body) {
        ObjectNode line = JSON.createObjectNode()
                .put("request", ++requests)
                .put("at_ms", System.currentTimeMillis())
                .put("method", method)
                .put("target", target.toString());
        if (key != null) {
            line.put("idempotency_key", key);
        }
        if (body != null) {
            line.put("body", body);
        }
        write(line);
        return requests;
    }

    /** Its answer came; {@link Claim#NO_ANSWER} if it never will. */
    synchronized void after(long request, String kind, int status, String text) {
        answers.merge(kind + " " + (status == Claim.NO_ANSWER ? "none" : Integer.toString(status)), 1, Integer::sum);
        write(JSON.createObjectNode()
                .put("answer_to", request)
                .put("at_ms", System.currentTimeMillis())
                .put("status", status)
                .put("text", text));
    }

    /** The cluster broke its word, by an answer alone. */
    synchronized void broken(String how) {
        broken.add(how);
        write(JSON.createObjectNode().put("broken", how));
    }

    private void write(ObjectNode line) {
        if (isClosed) {
            return; // An answer that came after the campaign had failed.
        }
        try {
            file.write(JSON.writeValueAsString(line));
            file.newLine();
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized List<Claim> claims() {
        return List.copyOf(claims);
    }

    synchronized List<String> brokenByAnswers() {
        return List.copyOf(broken);
    }

    /** By kind of request and status, for people. */
    public synchronized SortedMap<String, Integer> answers() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(answers));
    }

    /** The same answers by the second. */
    public Timeline timeline() {
        return timeline;
    }

    public synchronized long requests() {
        return requests;
    }

    public long acknowledged() {
        return claims().stream().filter(Claim::isAcknowledged).count();
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
