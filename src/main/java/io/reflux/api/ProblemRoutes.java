package io.reflux.api;

import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.AuthenticationRedirectException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Problem documents for what goes wrong before or beside the resources: who calls, pages, limits of the server. */
@Singleton
final class ProblemRoutes {
    private static final Logger LOG = Logger.getLogger(ProblemRoutes.class);

    /** Failure handlers are asked in the order of routes; this one before that of Quarkus. */
    private static final int BEFORE_ALL_OTHERS = -1_000;

    /** Those of Quarkus that keep callers out come before, all others after. */
    private static final int AFTER_ACCESS = -20;

    private static final int NOT_FOUND = 404;
    private static final String METRICS = "/q/metrics";
    private static final List<String> FORMS_OF_METRICS =
            List.of("text/plain", "application/openmetrics-text; version=1.0.0; charset=utf-8");
    private static final String IS_WRITTEN = ProblemRoutes.class.getName();
    private static final Problem PROVIDER_AWAY = Problem.of(
            "identity-provider-unavailable",
            "Identity provider not available",
            Status.SERVICE_UNAVAILABLE,
            "the OpenID Connect provider at quarkus.oidc.auth-server-url does not answer, so nobody can be known; try"
                    + " again");

    void install(@Observes Router router) {
        router.route().order(BEFORE_ALL_OTHERS).failureHandler(ProblemRoutes::fail);
        router.errorHandler(NOT_FOUND, call -> send(call, ofStatus(NOT_FOUND)));
        Route written = router.route(METRICS).order(AFTER_ACCESS);
        FORMS_OF_METRICS.forEach(written::produces);
        written.handler(call -> {
            call.put(IS_WRITTEN, true);
            call.next();
        });
        router.route(METRICS).order(AFTER_ACCESS + 1).handler(ProblemRoutes::requireWritten);
    }

    /** A form that Quarkus does not write it refuses by a status alone. */
    private static void requireWritten(RoutingContext call) {
        if (call.get(IS_WRITTEN) == null) {
            send(
                    call,
                    Problem.of(
                            "bad-request",
                            Status.NOT_ACCEPTABLE.getReasonPhrase(),
                            Status.NOT_ACCEPTABLE,
                            "metrics are written as " + String.join(" or as ", FORMS_OF_METRICS)));
        } else {
            call.next();
        }
    }

    /** Ends a call with a problem document. */
    static void send(RoutingContext call, Problem problem) {
        HttpServerResponse response = call.response();
        if (response.ended()) {
            return;
        }
        if (response.headWritten()) {
            response.end();
            return;
        }
        response.setStatusCode(problem.status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .end(new JsonObject()
                        .put("type", problem.type())
                        .put("title", problem.title())
                        .put("status", problem.status())
                        .put("detail", problem.detail())
                        .encode());
    }

    private static void fail(RoutingContext call) {
        Throwable failure = call.failure();
        if (failure instanceof ProblemException known) {
            send(call, known.problem());
        } else if (failure instanceof UnauthorizedException) {
            challenge(call, "say who you are; docs/security.md tells how");
        } else if (failure instanceof AuthenticationFailedException) {
            challenge(call, "the name, password or token is not valid here");
        } else if (failure instanceof OIDCException) {
            LOG.debugf("a caller cannot be known: %s", failure.getMessage());
            send(call, PROVIDER_AWAY);
        } else if (failure instanceof ForbiddenException) {
            send(call, ofStatus(Status.FORBIDDEN.getStatusCode()));
        } else if (failure instanceof AuthenticationRedirectException redirect) {
            BrowserLogin.redirect(call, redirect.getRedirectUri());
        } else if (failure instanceof AuthenticationCompletionException) {
            LOG.debugf("a login was not completed: %s", failure.getMessage());
            send(call, Problem.unauthorized("the login was not completed; open the page anew and log in again"));
        } else if (failure instanceof AuthenticationException) {
            call.next();
        } else {
            send(call, other(call, failure));
        }
    }

    private static void challenge(RoutingContext call, String detail) {
        Problem problem = Problem.unauthorized(detail);
        HttpAuthenticator authenticator = call.get(HttpAuthenticator.class.getName());
        if (authenticator == null) {
            send(call, problem);
            return;
        }
        authenticator
                .getChallenge(call)
                .subscribe()
                .with(
                        challenge -> {
                            if (challenge != null) {
                                challenge.getHeaders().forEach((name, value) -> call.response()
                                        .putHeader(String.valueOf(name), value));
                            }
                            if (BrowserLogin.isRedirect(challenge)) {
                                BrowserLogin.redirect(call);
                            } else {
                                send(call, problem);
                            }
                        },
                        call::fail);
    }

    private static Problem other(RoutingContext call, @Nullable Throwable failure) {
        int status = call.statusCode();
        if (status >= 400 && status < 500) {
            return ofStatus(status);
        }
        if (failure != null) {
            LOG.errorf(
                    failure,
                    "%s %s failed",
                    call.request().method(),
                    call.request().uri());
        }
        return ofStatus(status > 0 ? status : Status.INTERNAL_SERVER_ERROR.getStatusCode());
    }

    private static Problem ofStatus(int status) {
        Status known = Status.fromStatusCode(status);
        String title = known == null ? "Status " + status : known.getReasonPhrase();
        return Problem.of(status < 500 ? "bad-request" : "internal", title, status, title);
    }
}
