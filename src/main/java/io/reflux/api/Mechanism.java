package io.reflux.api;

import io.quarkus.vertx.http.runtime.security.BasicAuthenticationMechanism;
import io.quarkus.vertx.http.security.HttpSecurity;
import io.reflux.config.RefluxConfig;
import io.reflux.config.SecurityMode;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Lets callers say who they are by name and password where that is chosen. */
@Singleton
final class Mechanism {
    private static final String REALM = "Reflux";

    /** Not "silent": a browser asks its user only when it is challenged. */
    private static final boolean ALSO_WITHOUT_HEADER = false;

    void choose(@Observes HttpSecurity security, RefluxConfig config) {
        if (config.security().mode() == SecurityMode.BASIC) {
            security.mechanism(new BasicAuthenticationMechanism(REALM, ALSO_WITHOUT_HEADER));
        }
    }
}
