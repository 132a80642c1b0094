package io.reflux.cli;

import io.reflux.console.CommandException;
import java.net.URI;
import picocli.CommandLine.Option;

/** Which running service a command asks. */
final class ServiceOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:REFLUX_URL:-http://127.0.0.1:8080}",
            description = "The service (default: $REFLUX_URL, else http://127.0.0.1:8080). One that wants to know who"
                    + " asks is told $REFLUX_CREDENTIALS (user:password) or $REFLUX_TOKEN.")
    private URI url;

    /** @throws CommandException when the URL is none of a service */
    ServiceClient client() {
        boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!web || url.getHost() == null) {
            throw CommandException.usage("--url is '" + url + "', must be like http://127.0.0.1:8080");
        }
        return new ServiceClient(url, System.getenv());
    }
}
