package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Who is sent to the provider to log in, and who is not. */
@QuarkusTest
@TestProfile(LoginProfile.class)
final class LoginTest extends ApiTest {
    @ConfigProperty(name = "quarkus.oidc.auth-server-url")
    String issuer;

    @Test
    void pagesSendToTheProviderAndProgramsAreTold() {
        browser("/q/swagger-ui/").statusCode(302).header("Location", startsWith(issuer + "/login?"));
        page().header("Accept", "text/html,*/*").get("/").then().statusCode(302);
        for (String path : new String[] {"/", "/api/v1/feeds", "/q/metrics", "/q/openapi"}) {
            page().get(path)
                    .then()
                    .statusCode(401)
                    .contentType(Problem.MEDIA_TYPE)
                    .header("Location", nullValue())
                    .body("status", equalTo(401));
        }
        page().header("Sec-Fetch-Mode", "cors")
                .header("Accept", "text/html")
                .get("/api/v1/feeds")
                .then()
                .statusCode(401);
    }

    @Test
    void tokensAreStillTaken() throws Exception {
        given().header("Authorization", TokenIssuer.authorization(issuer, Caller.READER, "seconds=500"))
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("name", equalTo("reader"));
        given().header("Authorization", TokenIssuer.authorization(issuer, Caller.READER, "flaw=key"))
                .get("/api/v1/me")
                .then()
                .statusCode(401)
                .header("Location", nullValue());
    }

    @Test
    void whoWantedAnotherPageGetsThereAndHasToProveNothingAgain() {
        Map<String, String> session = login("/q/swagger-ui/", Caller.OPERATOR);

        page().cookies(session).get("/api/v1/me").then().statusCode(200).body("name", equalTo("operator"));
    }

    @Test
    void anotherSiteCannotUseTheSession() {
        Map<String, String> session = login("/", Caller.OPERATOR);

        page().cookies(session)
                .header("Sec-Fetch-Site", "cross-site")
                .delete("/api/v1/feeds/none?confirm=none")
                .then()
                .statusCode(403);
        page().cookies(session)
                .header("Sec-Fetch-Site", "same-origin")
                .delete("/api/v1/feeds/none?confirm=none")
                .then()
                .statusCode(404);
    }

    @Test
    void forgedCodesAndSessionsAreRefused() {
        Response sent = page().header("Sec-Fetch-Mode", "navigate").get("/");
        String state = state(sent);

        page().cookies(sent.cookies())
                .header("Sec-Fetch-Mode", "navigate")
                .get("/?code=forged&state=" + state)
                .then()
                .statusCode(401)
                .contentType(Problem.MEDIA_TYPE);
        page().header("Sec-Fetch-Mode", "navigate")
                .get("/?code=forged&state=forged")
                .then()
                .statusCode(302)
                .header("Location", startsWith(issuer + "/login?"));
        page().cookie("q_session", "forged").get("/api/v1/feeds").then().statusCode(401);
    }

    private static ValidatableResponse browser(String path) {
        return page().header("Sec-Fetch-Mode", "navigate").get(path).then();
    }

    /** Follows nobody by itself. */
    private static RequestSpecification page() {
        return given().redirects().follow(false);
    }

    /** Goes the whole way of a browser, to the page that was wanted; returns the cookies of the session. */
    private Map<String, String> login(String wanted, Caller caller) {
        Response sent = page().header("Sec-Fetch-Mode", "navigate").get(wanted);
        assertThat(sent.statusCode()).isEqualTo(302);
        String chosen = issuer
                + "/chosen?name=%s&roles=%s&seconds=500&state=%s&redirect_uri=%s"
                        .formatted(
                                caller.name().toLowerCase(Locale.ROOT),
                                String.join(",", caller.roles()),
                                state(sent),
                                parameter(sent, "redirect_uri"));
        String back = page().urlEncodingEnabled(false).get(chosen).header("Location");
        assertThat(URI.create(back).getPath())
                .as("the one address the provider has to know")
                .isEqualTo("/");
        Response known = page().urlEncodingEnabled(false)
                .cookies(sent.cookies())
                .header("Sec-Fetch-Mode", "navigate")
                .get(back);
        assertThat(known.statusCode()).isEqualTo(302);
        assertThat(URI.create(known.header("Location")).getPath()).isEqualTo(wanted);
        assertThat(known.detailedCookie("q_session").isHttpOnly()).isTrue();
        assertThat(known.detailedCookie("q_session").getSameSite()).isEqualToIgnoringCase("lax");
        return known.cookies();
    }

    private static String state(Response sent) {
        return parameter(sent, "state");
    }

    private static String parameter(Response sent, String name) {
        for (String part : URI.create(sent.header("Location")).getRawQuery().split("&")) {
            if (part.startsWith(name + "=")) {
                return part.substring(name.length() + 1);
            }
        }
        throw new AssertionError(name + " is not in " + sent.header("Location"));
    }
}
