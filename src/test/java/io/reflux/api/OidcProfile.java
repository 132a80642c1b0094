package io.reflux.api;

import java.util.List;

/** Tokens of a provider that runs beside the tests. */
public final class OidcProfile extends SecuredProfile {
    public OidcProfile() {
        super("oidc");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(TokenIssuer.class));
    }
}
