package io.reflux.api;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Keeps callers from feeds that are none of theirs: of the feed that the path names, as its resource will read it. What
 * names no feed in its path leaves out what the caller may not see.
 */
@Provider
@Priority(Priorities.AUTHORIZATION)
public class FeedAccess implements ContainerRequestFilter {
    private static final String PARAMETER = "feed";
    private final Instance<Callers> callers;

    /** @param callers looked up by each call: filters are made before there is a configuration */
    @Inject
    FeedAccess(Instance<Callers> callers) {
        this.callers = callers;
    }

    @Override
    public void filter(ContainerRequestContext call) {
        @Nullable String feed = call.getUriInfo().getPathParameters().getFirst(PARAMETER);
        if (feed == null) {
            return;
        }
        Grants grants = callers.get().grants();
        if (Browsers.changes(call.getMethod())) {
            if (!grants.operates(feed)) {
                throw ProblemException.forbidden("this needs the role operator or operator:" + feed);
            }
        } else if (!grants.reads(feed)) {
            throw ProblemException.unreadable(feed);
        }
    }
}
