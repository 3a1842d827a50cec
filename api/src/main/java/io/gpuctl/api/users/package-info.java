/**
 * What each user's tasks have come to, over REST. Nothing here blocks.
 */
@NullMarked
package io.gpuctl.api.users;

import org.jspecify.annotations.NullMarked;
