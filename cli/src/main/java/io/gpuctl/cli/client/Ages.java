package io.gpuctl.cli.client;

import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.events.units.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Formats how long ago a time was, in cluster time.
 *
 * @param now null if the API does not report the cluster time
 */
record Ages(@Nullable Instant now) {

    /** Returns the ages as of now. Works without ages if the API does not report the cluster time. */
    static Ages of(ApiClient api) {
        try {
            return new Ages(Instant.parse(
                    api.get(Query.of("/cluster/status")).path("cluster_time").asText()));
        } catch (ApiProblemException | DateTimeParseException _) {
            return new Ages(null);
        }
    }

    /** Returns {@code 2026-01-01T00:00:00Z (5m ago)}; the text unchanged if it is not a time in the past. */
    String beside(String time) {
        Instant to = now;
        if (to == null || time.isEmpty()) {
            return time;
        }
        try {
            long millis = Duration.between(Instant.parse(time), to).toMillis();
            return millis < 0 ? time : "%s (%s ago)".formatted(time, Durations.human(millis));
        } catch (DateTimeParseException _) {
            return time;
        }
    }
}
