package io.gpuctl.events;

/** A record of a topic, about one pool. */
public interface PoolRecord extends PoolScoped {
    /** Returns when it happened, was requested or was decided, ms of cluster time. */
    long atMs();
}
