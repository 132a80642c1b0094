package io.reflux.bench;

import io.reflux.distill.Accuracy;
import org.jspecify.annotations.Nullable;

/**
 * One finished cell of the table of accuracies: a method for a budget, or a baseline.
 *
 * @param run name of the run it belongs to
 * @param minutes of the budget; null for a baseline, which has none
 * @param accuracy null when there is none, see {@code failure}
 * @param iterations of matching that the set came from; null when the distillation failed
 * @param seconds of active time when the set was taken, experts included
 * @param expertSeconds of these spent on experts
 * @param command that gives the same again
 * @param failure why there is no accuracy
 */
record BudgetCell(
        String run,
        String data,
        int imagesPerClass,
        String method,
        long seed,
        @Nullable Double minutes,
        @Nullable Accuracy accuracy,
        @Nullable Integer iterations,
        @Nullable Double seconds,
        @Nullable Double expertSeconds,
        @Nullable String command,
        @Nullable String failure) {

    static BudgetCell baseline(BudgetRun run, String name, Accuracy accuracy, String command) {
        return new BudgetCell(
                run.contest(),
                run.data(),
                run.settings().imagesPerClass(),
                name,
                run.settings().seed(),
                null,
                accuracy,
                null,
                null,
                null,
                command,
                null);
    }

    /** The experts took all of the budget. */
    static BudgetCell empty(BudgetRun run, double minutes, BudgetClock clock) {
        return of(run, minutes, clock, null, 0, null, "no time was left for matching");
    }

    /** The distillation cannot go on. */
    static BudgetCell failed(BudgetRun run, double minutes, BudgetClock clock, String failure) {
        String again = run.distillCommand(run.settings().matching().iterations());
        return of(run, minutes, clock, null, null, again, failure);
    }

    static BudgetCell judged(BudgetRun run, double minutes, BudgetClock clock, int iterations, Accuracy accuracy) {
        return of(run, minutes, clock, accuracy, iterations, run.distillCommand(iterations), null);
    }

    private static BudgetCell of(
            BudgetRun run,
            double minutes,
            BudgetClock clock,
            @Nullable Accuracy accuracy,
            @Nullable Integer iterations,
            @Nullable String command,
            @Nullable String failure) {
        return new BudgetCell(
                run.name(),
                run.data(),
                run.settings().imagesPerClass(),
                run.method().label(),
                run.settings().seed(),
                minutes,
                accuracy,
                iterations,
                clock.seconds(),
                clock.expertSeconds(),
                command,
                failure);
    }
}
