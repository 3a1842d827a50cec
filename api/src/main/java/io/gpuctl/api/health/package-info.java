/**
 * Whether the service lives and whether it can do its work. Health checks run on worker threads.
 */
@NullMarked
package io.gpuctl.api.health;

import org.jspecify.annotations.NullMarked;
