package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.CommandGroup;
import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.output.Printable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Injects faults into simulated nodes. */
@Command(name = "fault", description = "Injects faults into simulated nodes.", subcommands = FaultCommand.Inject.class)
public final class FaultCommand extends CommandGroup {

    @Command(
            name = "inject",
            description = {
                "Injects a fault into each of these simulated nodes, now.",
                "For example: gpuctl fault inject 7 --xid 79 --gpu 0 --duration 2m"
            })
    static final class Inject extends ClientCommand {

        @Parameters(
                arity = "1..*",
                paramLabel = "NODE",
                completionCandidates = KnownIds.OfNodes.class,
                description = "The nodes' ids.")
        private List<String> ids = List.of();

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                completionCandidates = Words.FaultKinds.class,
                description = "Kind of the fault: ${COMPLETION-CANDIDATES} (default: xid).")
        private @Nullable String kind;

        @Option(
                names = "--xid",
                paramLabel = "N",
                description =
                        "Number of the driver error: with 79 the GPU falls off the bus, 48 is a double bit error.")
        private @Nullable Integer xid;

        @Option(names = "--gpu", paramLabel = "N", description = "Index of the GPU (default: the whole node).")
        private @Nullable Integer gpu;

        @Option(
                names = "--duration",
                paramLabel = "TIME",
                converter = QuantityConverter.OfDuration.class,
                description = "Cluster time until the fault is repaired: 30s, 5m (default: random).")
        private @Nullable Duration duration;

        @Option(
                names = "--factor",
                paramLabel = "SHARE",
                description =
                        "For a straggler: the work done, as a share of what its clock gives, below 1 (default: random).")
        private @Nullable BigDecimal factor;

        @Override
        int run(ApiClient api) throws InterruptedException {
            return forEach(ids, id -> inject(api, id));
        }

        private void inject(ApiClient api, String id) {
            String path = "/nodes/" + ApiClient.segment(id) + "/faults";
            JsonNode fault = api.post(Query.of(path), body(), Map.of());
            int onGpu = fault.path("gpu").asInt(-1);
            out().println(Printable.line("node %s%s: %s%s"
                    .formatted(
                            id,
                            onGpu < 0 ? "" : ", GPU " + onGpu,
                            fault.path("kind").asText(),
                            fault.path("xid").asInt() == 0
                                    ? ""
                                    : " " + fault.path("xid").asText())));
        }

        private ObjectNode body() {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            if (kind != null) {
                body.put("kind", kind);
            }
            if (xid != null) {
                body.put("xid", xid);
            }
            if (gpu != null) {
                body.put("gpu", gpu);
            }
            if (duration != null) {
                body.put("duration", BigDecimal.valueOf(duration.toMillis(), 3));
            }
            if (factor != null) {
                body.put("factor", factor);
            }
            return body;
        }
    }
}
