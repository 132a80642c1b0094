/** The command line: one class for each command, and the only place that writes to the terminal. */
@NullMarked
package io.reflux.cli;

import org.jspecify.annotations.NullMarked;
