/** Nodes over REST. Event loops call these classes; nothing here blocks. */
@NullMarked
package io.gpuctl.api.nodes;

import org.jspecify.annotations.NullMarked;
