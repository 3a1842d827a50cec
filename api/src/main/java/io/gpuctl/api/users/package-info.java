/** Totals of each user's tasks over REST. Nothing here blocks. */
@NullMarked
package io.gpuctl.api.users;

import org.jspecify.annotations.NullMarked;
