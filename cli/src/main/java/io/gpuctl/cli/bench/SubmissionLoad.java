package io.gpuctl.cli.bench;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** Submits tasks at a fixed rate, and waits for the answers and the placements. For one run. */
final class SubmissionLoad implements AutoCloseable {

    /** The time to wait for answers and placements after the last submission. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(20);
    private static final List<TopicPartition> PARTITIONS = IntStream.range(0, Topics.CLUSTER_EVENTS.partitions())
            .mapToObj(partition -> new TopicPartition(Topics.CLUSTER_EVENTS.name(), partition))
            .toList();

    private final URI tasks;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String prefix = "bench-" + System.currentTimeMillis() + "-";
    private final Map<String, Long> dueNanos = new ConcurrentHashMap<>();
    private final Histogram answered = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(1), 3);
    private final Histogram placed = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    private final SortedMap<String, Integer> refused = new ConcurrentSkipListMap<>();
    private volatile boolean submitting = true;

    /**
     * The measurements of all submissions after the warm-up, in microseconds.
     *
     * @param refused the number of submissions without the answer 201, by the answer or failure instead; a submission
     *     that the server accepted after the client gave up on the answer counts here, and its task may be placed too
     * @param missing accepted submissions whose placement was not seen
     */
    record Result(
            Histogram answered, Histogram placed, int submitted, SortedMap<String, Integer> refused, int missing) {}

    SubmissionLoad(URI server, KafkaConnection kafka) {
        tasks = server.resolve("/tasks");
        consumer = new KafkaConsumer<>(
                kafka.with(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Submits for the warm-up and the duration after it; measures only submissions that are due after the warm-up. */
    Result run(int rate, Duration warmup, Duration duration) throws InterruptedException, ExecutionException {
        consumer.assign(PARTITIONS);
        consumer.seekToEnd(PARTITIONS);
        PARTITIONS.forEach(consumer::position);
        var reader = new CompletableFuture<Integer>();
        Thread.ofPlatform().name("gpuctl-bench-reader").daemon().start(() -> {
            try {
                reader.complete(readPlacements());
            } catch (RuntimeException | NewerLogError e) {
                reader.completeExceptionally(e);
            }
        });
        int unmeasured = (int) (rate * warmup.toSeconds());
        int measured = (int) (rate * duration.toSeconds());
        submit(rate, unmeasured, measured);
        submitting = false;
        int unseen = reader.get();
        int refusals = refused.values().stream().mapToInt(Integer::intValue).sum();
        return new Result(answered, placed, measured, refused, Math.max(0, unseen - refusals));
    }

    private void submit(int rate, int unmeasured, int measured) {
        int count = unmeasured + measured;
        long periodNanos = TimeUnit.SECONDS.toNanos(1) / rate;
        long startNanos = System.nanoTime();
        CompletableFuture<?>[] answers = new CompletableFuture<?>[count];
        for (int i = 0; i < count; i++) {
            long due = startNanos + i * periodNanos;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            answers[i] = submitOne(prefix + i, due, i >= unmeasured);
        }
        CompletableFuture.allOf(answers)
                .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private CompletableFuture<?> submitOne(String taskId, long due, boolean isMeasured) {
        if (isMeasured) {
            dueNanos.put(taskId, due);
        }
        String body = "{\"task_id\":\"%s\",\"gpus\":0.1,\"duration\":0.5}".formatted(taskId);
        HttpRequest request = HttpRequest.newBuilder(tasks)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, BodyHandlers.discarding()).handle((response, failure) -> {
            if (!isMeasured) {
                return null;
            }
            if (failure != null) {
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                refused.merge(cause.getClass().getSimpleName(), 1, Integer::sum);
            } else if (response.statusCode() == 201) {
                answered.recordValue(microsSince(due));
            } else {
                refused.merge("status " + response.statusCode(), 1, Integer::sum);
            }
            return null;
        });
    }

    /** Returns the number of submissions whose placement was not seen. */
    private int readPlacements() {
        try (Deserializer<Fact> facts = Topics.CLUSTER_EVENTS.deserializer()) {
            long giveUpNanos = Long.MAX_VALUE;
            while (submitting || (!dueNanos.isEmpty() && System.nanoTime() < giveUpNanos)) {
                if (!submitting && giveUpNanos == Long.MAX_VALUE) {
                    giveUpNanos = System.nanoTime() + PATIENCE.toNanos();
                }
                for (var record : consumer.poll(POLL)) {
                    if (facts.deserialize(record.topic(), record.value()).event()
                            instanceof ClusterEvent.TaskPlaced event) {
                        Long due = dueNanos.remove(event.taskId().value());
                        if (due != null) {
                            placed.recordValue(microsSince(due));
                        }
                    }
                }
            }
        }
        return dueNanos.size();
    }

    private static long microsSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - nanos);
    }

    @Override
    public void close() {
        http.shutdownNow();
        consumer.close();
    }
}
