package io.reflux.api;

import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests have in common that look at the dashboard as somebody else each time: a browser that remembers nobody. */
abstract class BrowserTest extends ApiTest {
    @TestHTTPResource("/")
    URI address;

    Browser browser;

    @BeforeEach
    void openTheBrowser() {
        browser = Browser.start();
    }

    @AfterEach
    void closeTheBrowser() {
        if (browser != null) {
            browser.close();
        }
    }
}
