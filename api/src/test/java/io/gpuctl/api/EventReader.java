package io.gpuctl.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A client of {@code /events} that reads on its own thread. */
final class EventReader implements AutoCloseable {

    /** An event as received: absent fields are empty. */
    record Event(String id, String name, String data) {
        boolean isOf(String task) {
            return data.contains("\"" + task + "\"");
        }
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    private EventReader(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = client.send(request, BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new IllegalStateException("Status " + response.statusCode());
        }
        Thread.ofVirtual().start(() -> read(response.body()));
    }

    static EventReader open(String url, String query, String lastEventId) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(url + "/events" + query)).header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        return new EventReader(request.build());
    }

    private void read(Stream<String> lines) {
        try {
            readAll(lines);
        } catch (UncheckedIOException e) {
            if (!closed) {
                throw e;
            }
        }
    }

    private void readAll(Stream<String> lines) {
        String id = "";
        String name = "";
        String data = "";
        for (String line : (Iterable<String>) lines::iterator) {
            if (line.startsWith(":")) {
                comments.add(line.substring(1).strip());
            } else if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("event:")) {
                name = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data = line.substring(5).strip();
            } else if (line.isEmpty() && !data.isEmpty()) {
                events.add(new Event(id, name, data));
                name = "";
                data = "";
            }
        }
    }

    List<Event> events() {
        return events;
    }

    List<String> comments() {
        return comments;
    }

    @Override
    public void close() {
        closed = true;
        client.shutdownNow();
    }
}
