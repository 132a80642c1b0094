package io.reflux.api;

import io.quarkus.runtime.StartupEvent;
import io.reflux.config.InvalidConfigurationException;
import io.reflux.config.RefluxConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.eclipse.microprofile.config.Config;

/** Refuses to start what everybody on a network could operate, and what nobody could enter. */
@Singleton
final class Exposure {
    private static final int FIRST = 1;
    private static final String MODE = "reflux.security";
    private static final String HOST = "quarkus.http.host";
    private static final String USERS = "quarkus.security.users.embedded.users.";

    void check(@Observes @Priority(FIRST) StartupEvent event, RefluxConfig reflux, Config config) {
        String host = config.getOptionalValue(HOST, String.class).orElse("0.0.0.0");
        switch (reflux.security().mode()) {
            case NONE -> requireLoopback(host, reflux.security().noneOnPublicAddress());
            case BASIC -> requireUsers(config);
            case OIDC -> {} // Quarkus refuses to start without a provider
        }
    }

    /** Whether only this machine reaches an address, or all addresses of a name. */
    static boolean isLoopback(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** @throws InvalidConfigurationException unless only this machine reaches the address, or it is meant so */
    static void requireLoopback(String host, boolean forced) {
        if (!forced && !isLoopback(host)) {
            throw new InvalidConfigurationException(
                    HOST,
                    "is " + host + ", which other machines reach, and " + MODE + " is none, so everybody there could do"
                            + " everything; choose " + MODE
                            + "=basic or oidc, or listen on 127.0.0.1, or, where something else"
                            + " keeps others out, say " + MODE + ".none-on-public-address=true");
        }
    }

    private static void requireUsers(Config config) {
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(USERS)) {
                return;
            }
        }
        throw new InvalidConfigurationException(
                MODE, "is basic, but there is no user; name them as " + USERS + "NAME, with their roles");
    }
}
