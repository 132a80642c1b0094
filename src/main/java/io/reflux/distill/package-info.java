/** Flat Trajectory Distillation: experts, trajectories, exact trajectory matching, students and their evaluation. */
@org.jspecify.annotations.NullMarked
package io.reflux.distill;
