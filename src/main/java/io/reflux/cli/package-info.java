/** The command line: one class for each command, and the start of the process. */
@NullMarked
package io.reflux.cli;

import org.jspecify.annotations.NullMarked;
