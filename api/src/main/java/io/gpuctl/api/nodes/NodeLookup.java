package io.gpuctl.api.nodes;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeId;
import io.gpuctl.telemetry.views.NodeView;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Finds the node that a path names. */
@ApplicationScoped
public class NodeLookup {

    private final ClusterViews views;

    NodeLookup(ClusterViews views) {
        this.views = views;
    }

    /** Returns the node. Fails with a {@link ProblemException} (404) if the node does not exist. */
    public Uni<NodeView> node(String id) {
        return Uni.createFrom()
                .deferred(() -> views.node(nodeId(id)))
                .map(found -> found.orElseThrow(() -> unknown(id)));
    }

    private static NodeId nodeId(String id) {
        try {
            return new NodeId(id);
        } catch (InvalidFieldException e) {
            throw unknown(id);
        }
    }

    private static ProblemException unknown(String id) {
        return ProblemException.of(ProblemType.NOT_FOUND, "There is no node " + id + "; GET /nodes lists them");
    }
}
