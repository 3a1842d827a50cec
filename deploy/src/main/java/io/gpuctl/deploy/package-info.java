/**
 * Programs that the build runs under the profile {@code release}: each writes files into the tree that is installed.
 */
@NullMarked
package io.gpuctl.deploy;

import org.jspecify.annotations.NullMarked;
