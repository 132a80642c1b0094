package io.reflux.api;

import jakarta.ws.rs.core.Response.Status;

/** Ends a call with a problem document. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }

    static ProblemException unknownFeed(String feed) {
        return new ProblemException(Problem.of(
                "unknown-feed",
                "Unknown feed",
                Status.NOT_FOUND,
                "there is no feed '" + feed + "'; GET /api/v1/feeds lists those there are"));
    }

    static ProblemException noGeneration(String feed) {
        return new ProblemException(Problem.of(
                "no-generation",
                "No generation yet",
                Status.CONFLICT,
                "feed '" + feed
                        + "' has no published generation yet; request a round by POST /api/v1/feeds/{feed}/rounds"
                        + " and wait for it"));
    }

    static ProblemException noRound(String feed) {
        return new ProblemException(Problem.of(
                "no-round", "No round", Status.NOT_FOUND, "no round of feed '" + feed + "' is running or requested"));
    }

    static ProblemException badFormat(String format) {
        return new ProblemException(Problem.of(
                "unknown-format",
                "Unknown format",
                Status.BAD_REQUEST,
                "the set is not written as '" + format + "'; format is safetensors, npz or png"));
    }

    static ProblemException notHere() {
        return new ProblemException(Problem.of(
                "not-here",
                "Not here",
                Status.SERVICE_UNAVAILABLE,
                "this process does not answer for feeds: reflux.roles does not name api"));
    }

    static ProblemException starting() {
        return new ProblemException(Problem.of(
                "starting",
                "Starting",
                Status.SERVICE_UNAVAILABLE,
                "the topics have not been read to their end yet; try again in a moment"));
    }
}
