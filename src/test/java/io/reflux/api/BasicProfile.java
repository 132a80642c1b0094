package io.reflux.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/** Users in the configuration, their passwords hashed as docs/security.md says. */
public final class BasicProfile extends SecuredProfile {
    private static final String USERS = "quarkus.security.users.embedded.";

    public BasicProfile() {
        super("basic");
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> properties = super.getConfigOverrides();
        for (Caller caller : Caller.values()) {
            if (caller.isKnown()) {
                properties.put(USERS + "users." + name(caller), hash(name(caller) + ":Reflux:" + password(caller)));
                properties.put(USERS + "roles." + name(caller), String.join(",", caller.roles()));
            }
        }
        return properties;
    }

    static String name(Caller caller) {
        return caller.name().toLowerCase(Locale.ROOT);
    }

    static String password(Caller caller) {
        return "password:of-" + caller.ordinal();
    }

    /** The value of the header. */
    static String authorization(Caller caller) {
        return authorization(name(caller), password(caller));
    }

    static String authorization(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-512").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
