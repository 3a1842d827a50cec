/**
 * The contract between the modules: records, topics, serdes and the partitioner. Knows no other module.
 */
@NullMarked
package io.gpuctl.events;

import org.jspecify.annotations.NullMarked;
