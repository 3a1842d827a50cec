/** Health checks: whether the service is alive, and whether it can do its work. They run on worker threads. */
@NullMarked
package io.gpuctl.api.health;

import org.jspecify.annotations.NullMarked;
