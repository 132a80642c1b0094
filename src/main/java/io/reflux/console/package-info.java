/**
 * What every command stands on: tables and meters, results as JSON, files in and out, exit codes, and the only place that
 * writes to the terminal.
 */
@org.jspecify.annotations.NullMarked
package io.reflux.console;
