package io.reflux.api;

import io.reflux.wire.Rejection;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

/** Ends a call with a problem document. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** 422 of RFC 9110; jakarta.ws.rs has no name for it. */
    private static final int UNPROCESSABLE = 422;

    /** 421 of RFC 9110. */
    private static final int MISDIRECTED = 421;

    private final transient Problem problem;

    /** Seconds after which the call may be made again; 0 when time does not help. */
    private final long retryAfter;

    ProblemException(Problem problem) {
        this(problem, 0);
    }

    private ProblemException(Problem problem, long retryAfter) {
        super(problem.detail());
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    Response response() {
        Response response = problem.response();
        return retryAfter == 0
                ? response
                : Response.fromResponse(response)
                        .header("Retry-After", retryAfter)
                        .build();
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

    static ProblemException noSuchForm() {
        return new ProblemException(Problem.of(
                "not-acceptable",
                "Not acceptable",
                Status.NOT_ACCEPTABLE,
                "Accept allows none of the forms a set is written in: application/vnd.safetensors,"
                        + " application/vnd.numpy.npz, image/png or application/zip; format names one, too"));
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

    static ProblemException anotherVersion(String tag) {
        return new ProblemException(Problem.of(
                "another-version",
                "Another version",
                Status.PRECONDITION_FAILED,
                "what stands here has the ETag \"" + tag + "\", which If-Match does not name"));
    }

    static ProblemException badParameter(String name, String value, String wanted) {
        return new ProblemException(Problem.of(
                "bad-parameter", "Bad parameter", Status.BAD_REQUEST, name + " is '" + value + "', must be " + wanted));
    }

    static ProblemException unconfirmed(String feed, String deed) {
        return new ProblemException(Problem.of(
                "unconfirmed",
                "Not confirmed",
                Status.BAD_REQUEST,
                "this " + deed + "; add confirm=" + feed + " to the query if that is what you want"));
    }

    static ProblemException badTarget() {
        return new ProblemException(Problem.of(
                "bad-parameter",
                "Bad parameter",
                Status.BAD_REQUEST,
                "say what is meant by one of identity, at and device"));
    }

    static ProblemException declined(String why) {
        return new ProblemException(Problem.of("declined", "Declined", Status.CONFLICT, why));
    }

    static ProblemException tooOften(String property, int aMinute, long seconds) {
        return new ProblemException(
                Problem.of(
                        "too-often",
                        "Too often",
                        Status.TOO_MANY_REQUESTS,
                        "a caller may do this " + aMinute + " times a minute (" + property + "); try again in "
                                + seconds + " s"),
                seconds);
    }

    static ProblemException untyped() {
        return new ProblemException(Problem.of(
                "untyped",
                "No content type",
                Status.UNSUPPORTED_MEDIA_TYPE,
                "say what is sent by Content-Type: image/png, image/jpeg, application/x-npy, application/octet-stream,"
                        + " or application/zip for an archive"));
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

    static ProblemException longUri(long length, long most) {
        return new ProblemException(Problem.of(
                "uri-too-long",
                "URI too long",
                Status.REQUEST_URI_TOO_LONG,
                "the URI has " + length + " characters and may have " + most + "; shorten its names and parameters"));
    }

    static ProblemException largeHead(long size, long most) {
        return new ProblemException(Problem.of(
                "headers-too-large",
                "Headers too large",
                Status.REQUEST_HEADER_FIELDS_TOO_LARGE,
                "the headers have " + size + " bytes and may have " + most + "; send fewer or shorter ones"));
    }

    static ProblemException forbidden(String why) {
        return new ProblemException(Problem.of("forbidden", "Forbidden", Status.FORBIDDEN, why));
    }

    static ProblemException unreadable(String feed) {
        return forbidden("this needs one of the roles reader, operator, reader:" + feed + " and operator:" + feed);
    }

    static ProblemException otherSite() {
        return new ProblemException(Problem.of(
                "other-site",
                "Asked by another site",
                Status.FORBIDDEN,
                "a browser says that a page of another site asks for this change (Sec-Fetch-Site, Origin); only pages"
                        + " of this service may"));
    }

    static ProblemException unknownHost(String host) {
        return new ProblemException(Problem.of(
                "unknown-host",
                "Unknown host",
                MISDIRECTED,
                "this service does not go by the name '" + host
                        + "'; call it by its address, or name it in reflux.security.hosts"));
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
