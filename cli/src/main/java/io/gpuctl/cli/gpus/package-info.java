/**
 * The catalogue of GPU models: which are known, and where the physical model leads each of them under load.
 */
@NullMarked
package io.gpuctl.cli.gpus;

import org.jspecify.annotations.NullMarked;
