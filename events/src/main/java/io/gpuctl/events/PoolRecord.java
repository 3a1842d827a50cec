package io.gpuctl.events;

/** A record of a topic, about one pool. */
public interface PoolRecord extends PoolScoped {
    /** Returns the time of the event, the request or the decision, ms of cluster time. */
    long atMs();
}
