package io.gpuctl.api.views;

import io.gpuctl.telemetry.runtime.Ownership.Host;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Access to the other instances. */
interface Instances {

    /**
     * Returns the answer of the other instance. Fails with a {@link io.gpuctl.api.problem.ProblemException} (503) if it
     * does not answer in time, or not with 200.
     */
    <E> Uni<List<E>> ask(Host instance, Question question, Class<E> elementType);
}
