package io.reflux.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.List;
import java.util.Optional;

/** Who may call over HTTP. */
public interface SecurityConfig {
    /**
     * {@code reflux.security} itself: {@code none}, {@code basic} (users under {@code quarkus.security.users.embedded}) or
     * {@code oidc} (a provider at {@code quarkus.oidc.auth-server-url}).
     */
    @WithParentName
    @WithDefault("none")
    SecurityMode mode();

    /** Lets the service listen on an address that other machines reach although nobody has to say who they are. */
    @WithDefault("false")
    boolean noneOnPublicAddress();

    /**
     * Host names by which the service may be called, without ports; others are refused. Addresses and localhost always may.
     * Without a list any name may where callers have to say who they are, and no other where they need not: behind a name,
     * such as that of a container or a proxy, list it.
     */
    Optional<List<String>> hosts();
}
