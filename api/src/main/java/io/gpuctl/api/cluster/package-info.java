/** The cluster as a whole over REST: its status, and scheduling passes on request. Nothing here blocks. */
@NullMarked
package io.gpuctl.api.cluster;

import org.jspecify.annotations.NullMarked;
