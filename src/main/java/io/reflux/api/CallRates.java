package io.reflux.api;

import io.reflux.config.RefluxConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** How often the caller of the present call may do what costs much. */
@Singleton
final class CallRates {
    private final Callers callers;
    private final Rates uploads;
    private final Rates rounds;

    @Inject
    CallRates(Callers callers, RefluxConfig config) {
        this.callers = callers;
        this.uploads = new Rates("reflux.rates.uploads", config.rates().uploads());
        this.rounds = new Rates("reflux.rates.rounds", config.rates().rounds());
    }

    /** @throws ProblemException when it is too often */
    void upload() {
        uploads.take(callers.name());
    }

    /** @throws ProblemException when it is too often */
    void round() {
        rounds.take(callers.name());
    }
}
