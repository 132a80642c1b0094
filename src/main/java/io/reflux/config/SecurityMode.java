package io.reflux.config;

/** How callers over HTTP say who they are. */
public enum SecurityMode {
    /** They do not: everybody may do everything. */
    NONE,
    /** By name and password, of the users in the configuration. */
    BASIC,
    /** By a token of an OpenID Connect provider. */
    OIDC
}
