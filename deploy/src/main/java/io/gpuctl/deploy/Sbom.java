package io.gpuctl.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the bill of materials (CycloneDX) of the shipped application, from the one that Quarkus writes. Quarkus also
 * lists build dependencies, includes the time of the build, and has the checksums of libraries from before native code
 * for other platforms was removed from them.
 */
public final class Sbom {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path application;

    private Sbom(Path application) {
        this.application = application;
    }

    /**
     * Writes the bill of materials.
     *
     * @param arguments Quarkus' file, the folder of the shipped application, the time to state, the file to write
     */
    public static void main(String[] arguments) throws IOException {
        var document = (ObjectNode) JSON.readTree(Path.of(arguments[0]).toFile());
        new Sbom(Path.of(arguments[1])).restrict(document);
        ((ObjectNode) document.path("metadata")).put("timestamp", arguments[2]);
        JSON.writeValue(Path.of(arguments[3]).toFile(), document);
    }

    private void restrict(ObjectNode document) throws IOException {
        Map<String, ObjectNode> shipped = new TreeMap<>();
        for (JsonNode component : document.path("components")) {
            if (!location(component).isEmpty()) {
                shipped.put(component.path("bom-ref").asText(), (ObjectNode) component);
            }
        }
        requireComplete(shipped);
        for (ObjectNode component : shipped.values()) {
            putHashes(component);
        }
        putHashes((ObjectNode) document.path("metadata").path("component"));
        document.putArray("components").addAll(shipped.values());
        document.replace("dependencies", dependencies(document.path("dependencies"), shipped.keySet()));
    }

    /**
     * Returns the location of a component's file in the application; empty if it is not shipped, as for build
     * dependencies.
     */
    private static String location(JsonNode component) {
        return component
                .path("evidence")
                .path("occurrences")
                .path(0)
                .path("location")
                .asText();
    }

    private void requireComplete(Map<String, ObjectNode> components) throws IOException {
        Set<String> listed =
                components.values().stream().map(Sbom::location).collect(Collectors.toCollection(TreeSet::new));
        Set<String> present;
        try (Stream<Path> files = Files.walk(application)) {
            present = files.filter(Files::isRegularFile)
                    .map(file -> application.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        if (!listed.equals(present)) {
            throw new IOException("The bill of materials lists %s, but shipped are %s".formatted(listed, present));
        }
    }

    private void putHashes(ObjectNode component) throws IOException {
        byte[] content = Files.readAllBytes(application.resolve(location(component)));
        ArrayNode hashes = component.putArray("hashes");
        for (String algorithm : new String[] {"SHA-256", "SHA-512"}) {
            hashes.addObject().put("alg", algorithm).put("content", hash(algorithm, content));
        }
    }

    private static String hash(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every JDK has " + algorithm, e);
        }
    }

    private static ArrayNode dependencies(JsonNode all, Set<String> shipped) {
        Map<String, ObjectNode> kept = new TreeMap<>();
        for (JsonNode dependency : all) {
            String dependent = dependency.path("ref").asText();
            if (shipped.contains(dependent)) {
                Set<String> on = new TreeSet<>();
                dependency.path("dependsOn").forEach(ref -> on.add(ref.asText()));
                on.retainAll(shipped);
                ObjectNode entry = JSON.createObjectNode().put("ref", dependent);
                on.forEach(entry.putArray("dependsOn")::add);
                kept.put(dependent, entry);
            }
        }
        return JSON.createArrayNode().addAll(kept.values());
    }
}
