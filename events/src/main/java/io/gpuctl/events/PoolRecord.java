package io.gpuctl.events;

/** A record of a topic, about one pool. */
public interface PoolRecord extends PoolScoped {
    /** When it happened, was asked for or was decided, ms of cluster time. */
    long atMs();
}
