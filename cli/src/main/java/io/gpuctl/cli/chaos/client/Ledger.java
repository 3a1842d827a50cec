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
 * Records every request and every answer, in a file of JSON Lines and in memory: one line before a request is sent, and
 * one when its answer arrives or the client gives up. Thread-safe.
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

    /** Records a request before it is sent. Returns its number. */
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

    /** Records the answer to a request; {@link Claim#NO_ANSWER} if none will arrive. */
    synchronized void after(long request, String kind, int status, String text) {
        answers.merge(kind + " " + (status == Claim.NO_ANSWER ? "none" : Integer.toString(status)), 1, Integer::sum);
        write(JSON.createObjectNode()
                .put("answer_to", request)
                .put("at_ms", System.currentTimeMillis())
                .put("status", status)
                .put("text", text));
    }

    /** Records an answer that in itself breaks a guarantee of the cluster. */
    synchronized void broken(String how) {
        broken.add(how);
        write(JSON.createObjectNode().put("broken", how));
    }

    private void write(ObjectNode line) {
        if (isClosed) {
            return; // The answer arrived after the campaign had failed.
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

    /** Returns the number of answers by kind of request and status, for people. */
    public synchronized SortedMap<String, Integer> answers() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(answers));
    }

    /** Returns the same answers for each second. */
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
