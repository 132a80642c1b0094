package io.reflux.api;

import io.reflux.wire.Rejection;
import jakarta.ws.rs.core.Response.Status;

/** Ends a call with a problem document. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** 422 of RFC 9110; jakarta.ws.rs has no name for it. */
    private static final int UNPROCESSABLE = 422;

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
                "the set is not written as '" + format + "'; format is safetensors, npz, png or zip"));
    }

    static ProblemException unknownGeneration(String feed, String generation) {
        return new ProblemException(Problem.of(
                "unknown-generation",
                "Unknown generation",
                Status.NOT_FOUND,
                "feed '" + feed + "' has no generation '" + generation
                        + "', or has it no more; GET /api/v1/feeds/{feed}/generations lists those that are kept"));
    }

    static ProblemException unknownImage(String index, int size) {
        return new ProblemException(Problem.of(
                "unknown-image",
                "Unknown image",
                Status.NOT_FOUND,
                "there is no image '" + index + "' in this set; it has the images 0 to " + (size - 1)));
    }

    static ProblemException notKept(String feed, String label, String identity) {
        return new ProblemException(Problem.of(
                "image-not-kept",
                "Image not kept",
                Status.NOT_FOUND,
                "the sample of feed '" + feed + "' has no image '" + identity + "' of class '" + label
                        + "', or has it no more"));
    }

    static ProblemException unknownRound(String feed, String round) {
        return new ProblemException(Problem.of(
                "unknown-round",
                "Unknown round",
                Status.NOT_FOUND,
                "feed '" + feed + "' has had no round '" + round
                        + "' of late; GET /api/v1/feeds/{feed}/rounds lists the last ones"));
    }

    static ProblemException noSuchRange(String range, int length) {
        return new ProblemException(Problem.of(
                "range-not-satisfiable",
                "Range not satisfiable",
                Status.REQUESTED_RANGE_NOT_SATISFIABLE,
                "the range '" + range + "' has no byte of the " + length + " there are"));
    }

    static ProblemException badParameter(String name, String value, String wanted) {
        return new ProblemException(Problem.of(
                "bad-parameter", "Bad parameter", Status.BAD_REQUEST, name + " is '" + value + "', must be " + wanted));
    }

    static ProblemException rejected(Rejection rejection) {
        return new ProblemException(Problem.of(
                "image-rejected-" + rejection.reason().text(), "Image rejected", UNPROCESSABLE, rejection.detail()));
    }

    static ProblemException badArchive(String what) {
        return new ProblemException(Problem.of(
                "bad-archive",
                "Bad archive",
                Status.BAD_REQUEST,
                "the archive is refused here, what came before has been taken: " + what));
    }

    static ProblemException tooMuch(String what) {
        return new ProblemException(Problem.of("too-large", "Too large", Status.REQUEST_ENTITY_TOO_LARGE, what));
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
