package sotto.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** A second page of the same browser, which has the cookie and no token. */
class AnotherPageTest extends BrowserTest {
    @Test
    void aSecondPageNeedsTheFirstOnesYesAndThenTheCallGoesOnThere() throws Exception {
        ServerProcess server = server();
        Person ada = person("Ada", server.url());
        Person bruno = person("Bruno", server.url());
        bruno.join(ada.newRoom());
        awaitPictures(ada, bruno);
        Page second = bruno.page.context().newPage();

        Response replayed = second.navigate(bruno.app.url());
        assertThat(replayed.status()).isEqualTo(403);
        assertThat(replayed.text()).contains("already used");

        second.navigate(URI.create(bruno.page.url()).resolve("/").toString());
        see(second, "wait-for-yes");
        bruno.page.bringToFront();
        bruno.see("another-page");
        assertThat(second.locator("video").count()).isZero();
        bruno.at("page-refuse").click();
        see(second, "closed");
        assertThat(second.locator("[data-testid=closed]").innerText()).contains("The user said no.");
        awaitPictures(ada, bruno);

        second.reload();
        see(second, "wait-for-yes");
        bruno.see("another-page");
        bruno.at("page-allow").click();
        bruno.see("closed");
        second.bringToFront();
        see(second, "call");
        Browser.until(second, SOON, () -> seesFresh(second, ada.number));
        awaitPicture(ada, bruno);
    }

    private static void see(Page page, String testId) {
        page.locator("[data-testid=" + testId + "]").waitFor(new Locator.WaitForOptions().setTimeout(SOON));
    }
}
