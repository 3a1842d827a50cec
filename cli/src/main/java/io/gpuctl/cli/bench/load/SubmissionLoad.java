package io.gpuctl.cli.bench.load;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topics;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Submits tasks at a fixed rate, and waits for the answers and the placements. For one run.
 *
 * <p>The bytes of a request are a template in which only the digits of the ids change, and a fact that is no placement
 * is not parsed: the load generator shall take much less CPU than the cluster.
 */
public final class SubmissionLoad implements AutoCloseable {

    /** The time to wait for answers and placements after the last submission. */
    private static final Duration PATIENCE = HttpLoad.PATIENCE;

    private static final Duration POLL = Duration.ofMillis(20);
    private static final int CONNECTIONS_MAX = 512;
    private static final int CREATED = 201;
    private static final int OK = 200;
    private static final byte[] PLACED = "\"type\":\"task_placed\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] LINE_CREATED = "\"status\":201".getBytes(StandardCharsets.UTF_8);
    private static final List<TopicPartition> PARTITIONS = IntStream.range(0, Topics.CLUSTER_EVENTS.partitions())
            .mapToObj(partition -> new TopicPartition(Topics.CLUSTER_EVENTS.name(), partition))
            .toList();

    private final HttpLoad http;
    private final RequestOptions single;
    private final RequestOptions batch;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TaskBodies bodies = new TaskBodies("bench-" + System.currentTimeMillis() + "-");
    private final Histogram answered = histogram();
    private final Histogram placed = histogram();
    private final SortedMap<String, Integer> refused = new ConcurrentSkipListMap<>();

    /** Measured tasks whose placement is still expected; known after the last answer. */
    private volatile int placementsExpected = Integer.MAX_VALUE;

    /**
     * The load.
     *
     * @param rate tasks per second
     * @param tasksPerRequest 1 for single submissions; otherwise the tasks of a request are due together
     * @param warmup the time before the measurement; its tasks are not measured
     */
    public record Plan(int rate, int tasksPerRequest, Duration warmup, Duration measured) {

        /** Single submissions, all of which are measured. */
        public static Plan singles(int rate, Duration measured) {
            return new Plan(rate, 1, Duration.ZERO, measured);
        }

        private int requests(Duration duration) {
            return (int) Math.ceilDiv(rate * duration.toMillis(), 1_000L * tasksPerRequest);
        }
    }

    /**
     * The measurements of all tasks after the warm-up, in microseconds.
     *
     * @param refused the number of submissions without the answer 201, by the answer or failure instead; a submission
     *     that the server accepted after the client gave up on the answer counts here, and its task may be placed too
     * @param missing accepted submissions whose placement was not seen
     * @param cpu the CPU time of the load generator's process, warm-up included
     * @param cpuMillisATask the same for each task, of the warm-up too
     */
    public record Result(
            Histogram answered,
            Histogram placed,
            int submitted,
            SortedMap<String, Integer> refused,
            int missing,
            Duration cpu,
            double cpuMillisATask) {

        public int refusals() {
            return refused.values().stream().mapToInt(Integer::intValue).sum();
        }

        /** Returns the number of measured tasks that were answered with 201: refused ones take hardly any CPU. */
        public int accepted() {
            return submitted - refusals();
        }
    }

    public SubmissionLoad(URI server, KafkaConnection kafka) {
        http = new HttpLoad(server, CONNECTIONS_MAX);
        String path = server.resolve("/tasks").getPath();
        single = http.prepare(HttpMethod.POST, path, "application/json");
        batch = http.prepare(HttpMethod.POST, path, "application/x-ndjson");
        consumer = new KafkaConsumer<>(
                kafka.with(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Returns a histogram of latencies in microseconds. A longer latency than its highest value counts as that. */
    static Histogram histogram() {
        return new Histogram(TimeUnit.MINUTES.toMicros(5), 3);
    }

    /** Submits for the warm-up and the duration after it; measures only tasks that are due after the warm-up. */
    public Result run(Plan plan) throws InterruptedException, ExecutionException {
        consumer.assign(PARTITIONS);
        consumer.seekToEnd(PARTITIONS);
        PARTITIONS.forEach(consumer::position);
        Duration cpuBefore = Cpu.ofThisProcess();
        int unmeasured = plan.requests(plan.warmup());
        int requests = unmeasured + plan.requests(plan.measured());
        var pacer = Pacer.of((double) plan.rate() / plan.tasksPerRequest());
        var run = new Run(plan.tasksPerRequest(), unmeasured, requests, pacer);
        var reader = new CompletableFuture<Integer>();
        Thread.ofPlatform().name("gpuctl-bench-reader").daemon().start(() -> {
            try {
                reader.complete(readPlacements(run));
            } catch (RuntimeException | NewerLogError e) {
                reader.completeExceptionally(e);
            }
        });
        run.submit();
        int refusals = refused.values().stream().mapToInt(Integer::intValue).sum();
        placementsExpected = run.measuredTasks() - refusals;
        int seen = reader.get();
        Duration cpu = Cpu.ofThisProcess().minus(cpuBefore);
        return new Result(
                answered,
                placed,
                run.measuredTasks(),
                refused,
                Math.max(0, placementsExpected - seen),
                cpu,
                Cpu.millisEach(cpu, requests * plan.tasksPerRequest()));
    }

    /** One run. Task {@code i} is in request {@code i / tasksPerRequest}. */
    private final class Run {
        private final int tasksPerRequest;
        private final int unmeasured;
        private final int requests;
        private final Pacer pacer;
        private final CountDownLatch open;

        Run(int tasksPerRequest, int unmeasured, int requests, Pacer pacer) {
            this.tasksPerRequest = tasksPerRequest;
            this.unmeasured = unmeasured;
            this.requests = requests;
            this.pacer = pacer;
            open = new CountDownLatch(requests);
        }

        int measuredTasks() {
            return (requests - unmeasured) * tasksPerRequest;
        }

        /** Returns the request of a task if the task is measured, otherwise -1. */
        int measuredRequest(int task) {
            int request = task / tasksPerRequest;
            return task >= 0 && request >= unmeasured && request < requests ? request : -1;
        }

        void submit() throws InterruptedException {
            pacer.run(
                    requests,
                    request -> http.send(
                            tasksPerRequest == 1 ? single : batch,
                            bodies.of(request * tasksPerRequest, tasksPerRequest),
                            new Answered(request)));
            // A request that is not answered in time fails, and is counted; the limit is for the unexpected.
            boolean _ = open.await(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** Runs on the thread of the HTTP client, which is the only one to record answers. */
        private final class Answered implements HttpLoad.Outcome {
            private final int request;

            Answered(int request) {
                this.request = request;
            }

            @Override
            public void answered(int status, Buffer body) {
                if (request >= unmeasured) {
                    if (tasksPerRequest > 1 && status == OK) {
                        int created = Bytes.count(body.getBytes(), LINE_CREATED);
                        record(created);
                        refuse("refused in a batch", tasksPerRequest - created);
                    } else if (tasksPerRequest == 1 && status == CREATED) {
                        record(1);
                    } else {
                        refuse("status " + status, tasksPerRequest);
                    }
                }
                open.countDown();
            }

            private void record(int tasks) {
                if (tasks > 0) {
                    answered.recordValueWithCount(limited(pacer.microsSinceDue(request), answered), tasks);
                }
            }

            @Override
            public void failed(Throwable failure) {
                if (request >= unmeasured) {
                    refuse(failure.getClass().getSimpleName(), tasksPerRequest);
                }
                open.countDown();
            }

            private void refuse(String why, int tasks) {
                if (tasks > 0) {
                    refused.merge(why, tasks, Integer::sum);
                }
            }
        }
    }

    /** Returns the number of measured tasks whose placement was seen. */
    private int readPlacements(Run run) {
        var seen = new BitSet();
        int count = 0;
        try (Deserializer<Fact> facts = Topics.CLUSTER_EVENTS.deserializer()) {
            long giveUpNanos = Long.MAX_VALUE;
            while (count < placementsExpected && System.nanoTime() < giveUpNanos) {
                if (giveUpNanos == Long.MAX_VALUE && placementsExpected != Integer.MAX_VALUE) {
                    giveUpNanos = System.nanoTime() + PATIENCE.toNanos();
                }
                for (var record : consumer.poll(POLL)) {
                    if (Bytes.count(record.value(), PLACED) > 0
                            && facts.deserialize(record.topic(), record.value()).event()
                                    instanceof ClusterEvent.TaskPlaced event) {
                        int task = bodies.task(event.taskId().value());
                        int request = run.measuredRequest(task);
                        if (request >= 0 && !seen.get(task)) {
                            seen.set(task);
                            count++;
                            placed.recordValue(limited(run.pacer.microsSinceDue(request), placed));
                        }
                    }
                }
            }
        }
        return count;
    }

    static long limited(long micros, Histogram histogram) {
        return Math.min(micros, histogram.getHighestTrackableValue());
    }

    @Override
    public void close() {
        http.close();
        consumer.close();
    }
}
