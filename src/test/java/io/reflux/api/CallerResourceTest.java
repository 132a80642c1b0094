package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ApiProfile.class)
final class CallerResourceTest {
    @Test
    void everybodyOperatesEverythingWhereNobodyHasToSayWhoTheyAre() {
        given().get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("$", not(hasKey("name")))
                .body("security", equalTo("none"))
                .body("roles", contains("operator"))
                .body("reads.all", equalTo(true))
                .body("reads.feeds", empty())
                .body("operates.all", equalTo(true))
                .body("operates.feeds", empty());
    }
}
