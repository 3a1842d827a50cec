package io.gpuctl.deploy.kubernetes;

import java.util.ArrayList;
import java.util.List;

/** The problems in the documents of an overlay. */
final class Findings {

    private final List<String> found = new ArrayList<>();

    /**
     * @param path of the field, such as {@code spec.ports[0].targetPort}
     * @param problem what is wrong with the field, for people
     */
    void add(Resource resource, String path, String problem) {
        found.add("%s %s: %s".formatted(resource, path, problem));
    }

    void addUnless(boolean isRight, Resource resource, String path, String problem) {
        if (!isRight) {
            add(resource, path, problem);
        }
    }

    List<String> all() {
        return List.copyOf(found);
    }
}
