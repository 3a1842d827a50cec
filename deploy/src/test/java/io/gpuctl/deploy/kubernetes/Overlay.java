package io.gpuctl.deploy.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;

/** The documents that {@code kubectl apply -k} would send. */
enum Overlay {
    DEV,
    PROD;

    private static final Path KUBERNETES = Path.of("kubernetes");
    private static final YAMLMapper YAML = new YAMLMapper();

    /** Renders the documents. Without kubectl, the test is skipped and says so. */
    List<Resource> render() throws IOException, InterruptedException {
        assumeKubectl();
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", directory().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String rendered = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (kubectl.waitFor() != 0) {
            throw new AssertionError("kubectl kustomize %s failed, see above".formatted(directory()));
        }
        try (var documents = YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(rendered)) {
            return documents.readAll().stream().map(Resource::new).toList();
        }
    }

    private Path directory() {
        return KUBERNETES.resolve("overlays").resolve(name().toLowerCase(Locale.ROOT));
    }

    private static void assumeKubectl() throws InterruptedException {
        try {
            int exitCode = new ProcessBuilder("kubectl", "kustomize", "--help")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            Assumptions.assumeTrue(exitCode == 0, "kubectl has no kustomize: the manifests are not checked");
        } catch (IOException _) {
            System.err.println("kubectl is not installed: the Kubernetes manifests are not checked.");
            Assumptions.abort("kubectl is not installed");
        }
    }
}
