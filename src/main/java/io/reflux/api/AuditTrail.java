package io.reflux.api;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * One line for everything that was asked to be changed over HTTP, whatever became of it: who, from where, what, of which
 * feed, outcome and status, as {@code name=value}, values in quotes where they need them.
 */
@Singleton
final class AuditTrail {
    /** The category of the log. */
    static final String CATEGORY = "io.reflux.audit";

    /** Before everything that may refuse. */
    static final int PRIORITY = 290;

    private static final Logger LOG = Logger.getLogger(CATEGORY);
    private static final Pattern FEED = Pattern.compile("/api/v1/feeds/([^/?]+)(?:[/?].*)?");
    private static final Pattern PLAIN = Pattern.compile("[!-~&&[^\"=\\\\]]+");
    private static final int LONGEST = 1_000;
    private static final String NOBODY = "-";

    /** The caller hung up before the answer, so what became of it is not known here. */
    private static final String UNANSWERED = "unanswered";

    void follow(@Observes Filters filters) {
        filters.register(AuditTrail::follow, PRIORITY);
    }

    private static void follow(RoutingContext call) {
        if (Browsers.changes(call)) {
            AtomicBoolean told = new AtomicBoolean();
            // A connection that breaks ends a call more than once.
            call.addEndHandler(ended -> {
                if (told.compareAndSet(false, true)) {
                    LOG.info(line(call));
                }
            });
        }
        call.next();
    }

    private static String line(RoutingContext call) {
        boolean answered = call.response().headWritten();
        int status = call.response().getStatusCode();
        String uri = call.request().uri();
        return "who=" + value(who(call)) + " from=" + value(Callers.address(call)) + " action="
                + value(call.request().method() + " " + uri) + " feed=" + value(feed(uri)) + " outcome="
                + (answered ? outcome(status) + " status=" + status : UNANSWERED + " status=" + NOBODY);
    }

    private static String who(RoutingContext call) {
        return Visitor.of(call).map(Visitor::name).orElse(NOBODY);
    }

    /** Of the path, which need not be one that there is. */
    private static String feed(String uri) {
        Matcher path = FEED.matcher(uri);
        if (!path.matches()) {
            return NOBODY;
        }
        try {
            return URLDecoder.decode(path.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return path.group(1);
        }
    }

    private static String outcome(int status) {
        if (status < 400) {
            return "done";
        }
        return status < 500 ? "refused" : "failed";
    }

    /** A value that cannot be taken for another field or another line. */
    private static String value(String text) {
        String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        if (PLAIN.matcher(shown).matches()) {
            return shown;
        }
        StringBuilder quoted = new StringBuilder("\"");
        shown.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (Character.isISOControl(c)
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR) {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
