package io.reflux.distill;

/**
 * How far a stage is.
 *
 * @param done units done: steps of the fit, expert epochs, matching iterations, students, or students' epochs
 * @param total units of the stage
 * @param loss of the last unit (cross-entropy of an expert, matching loss); NaN where there is none
 */
public record Progress(Stage stage, long done, long total, double loss) {}
