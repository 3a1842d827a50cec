package io.gpuctl.events;

/** A record that concerns one pool. All such records of a pool meet in one partition number of every topic. */
public interface PoolScoped {
    PoolId pool();
}
