package io.reflux.api;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, and what they may do.
 *
 * @param name of the user, or of the token's owner; absent where nobody has to say who they are
 * @param security how callers say who they are: none, basic or oidc
 * @param roles those that count here; where nobody has to say who they are everybody is an operator
 * @param reads what may be read
 * @param operates what may be changed, too
 * @param until when the caller's token is refused and its events end; absent where that does not end by itself
 */
public record CallerReport(
        @Nullable String name,
        String security,
        List<String> roles,
        Scope reads,
        Scope operates,
        @Nullable Instant until) {
    /**
     * Feeds.
     *
     * @param all whether it is every feed there is or will be
     * @param feeds else these, by name
     */
    public record Scope(boolean all, List<String> feeds) {
        static Scope of(boolean all, Set<String> feeds) {
            return new Scope(all, all ? List.of() : feeds.stream().sorted().toList());
        }
    }

    static CallerReport of(@Nullable String name, String security, Grants grants, @Nullable Instant until) {
        return new CallerReport(
                name,
                security,
                grants.roles(),
                Scope.of(grants.readsAll(), grants.read()),
                Scope.of(grants.operatesAll(), grants.operated()),
                until);
    }
}
