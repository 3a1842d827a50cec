package io.gpuctl.events;

/** A record or value that concerns one pool. All records about a pool have the same partition number in every topic. */
public interface PoolScoped {
    PoolId pool();
}
