package io.gpuctl.events;

/** What concerns one pool. All records about a pool have the same partition number in every topic. */
public interface PoolScoped {
    PoolId pool();
}
