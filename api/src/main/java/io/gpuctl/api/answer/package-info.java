/** Answers that are not rendered by the framework. Event loops call these classes; nothing here blocks. */
@NullMarked
package io.gpuctl.api.answer;

import org.jspecify.annotations.NullMarked;
