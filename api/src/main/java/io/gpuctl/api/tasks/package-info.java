/** Tasks over REST: submit, look up, list, cancel. Event loops call these classes; nothing here blocks. */
@NullMarked
package io.gpuctl.api.tasks;

import org.jspecify.annotations.NullMarked;
