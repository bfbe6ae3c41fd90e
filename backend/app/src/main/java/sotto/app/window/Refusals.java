package sotto.app.window;

import java.util.Optional;
import java.util.Vector;
import org.cef.CefClient;
import org.cef.browser.CefBrowser;
import org.cef.browser.CefFrame;
import org.cef.callback.CefAuthCallback;
import org.cef.callback.CefBeforeDownloadCallback;
import org.cef.callback.CefCallback;
import org.cef.callback.CefContextMenuParams;
import org.cef.callback.CefDownloadItem;
import org.cef.callback.CefDragData;
import org.cef.callback.CefFileDialogCallback;
import org.cef.callback.CefJSDialogCallback;
import org.cef.callback.CefMenuModel;
import org.cef.handler.CefContextMenuHandlerAdapter;
import org.cef.handler.CefDialogHandler;
import org.cef.handler.CefDownloadHandlerAdapter;
import org.cef.handler.CefJSDialogHandlerAdapter;
import org.cef.handler.CefLifeSpanHandlerAdapter;
import org.cef.handler.CefLoadHandler;
import org.cef.handler.CefRequestHandlerAdapter;
import org.cef.handler.CefResourceRequestHandler;
import org.cef.handler.CefResourceRequestHandlerAdapter;
import org.cef.misc.BoolRef;
import org.cef.network.CefRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns away everything but the app's own page. Called on Chromium's threads. In these interfaces {@code true} means
 * "do not do it" for navigation, resources, pop-ups and drags.
 */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final Runnable onBrowser;
    private final Runnable onRendererGone;

    /** Empty until the page is known: until then nothing at all is loaded. */
    private volatile Optional<OwnOrigin> own = Optional.empty();

    /**
     * @param onBrowser called when the browser is there and can be told to load
     * @param onRendererGone called when the process that draws the page has ended by itself
     */
    Refusals(Runnable onBrowser, Runnable onRendererGone) {
        this.onBrowser = onBrowser;
        this.onRendererGone = onRendererGone;
    }

    /** From now on the page may be loaded, and what belongs to it. */
    void allow(OwnOrigin page) {
        own = Optional.of(page);
    }

    /** Puts the refusals into {@code client}; it must not have loaded anything yet. */
    void install(CefClient client) {
        client.addRequestHandler(new Requests());
        client.addLifeSpanHandler(new OneBrowser());
        client.addDownloadHandler(new NoDownloads());
        client.addJSDialogHandler(new NoDialogs());
        client.addDialogHandler(Refusals::noFileDialog);
        client.addContextMenuHandler(new NoContextMenu());
        client.addDragHandler((CefBrowser browser, CefDragData data, int mask) -> true);
    }

    private static boolean refused(String what, String url) {
        // The address of a refused resource may hold what an attacker wants carried out: its scheme and host suffice.
        LOG.warn("refused {}: {}", what, url.replaceFirst("^([a-z-]+:(//[^/?#]*)?).*", "$1"));
        return true;
    }

    private final class Requests extends CefRequestHandlerAdapter {
        private final CefResourceRequestHandler resources = new Resources();

        @Override
        public boolean onBeforeBrowse(
                CefBrowser browser, CefFrame frame, CefRequest request, boolean userGesture, boolean redirect) {
            boolean wanted = frame.isMain()
                    && own.filter(page -> page.holdsPage(request.getURL())).isPresent();
            return !wanted && refused(frame.isMain() ? "a navigation" : "a frame", request.getURL());
        }

        @Override
        public boolean onOpenURLFromTab(CefBrowser browser, CefFrame frame, String url, boolean userGesture) {
            return refused("a new tab", url);
        }

        @Override
        public CefResourceRequestHandler getResourceRequestHandler(
                CefBrowser browser,
                CefFrame frame,
                CefRequest request,
                boolean navigation,
                boolean download,
                String initiator,
                BoolRef disableDefaultHandling) {
            return resources;
        }

        @Override
        public boolean getAuthCredentials(
                CefBrowser browser,
                String origin,
                boolean proxy,
                String host,
                int port,
                String realm,
                String scheme,
                CefAuthCallback callback) {
            return false;
        }

        @Override
        public boolean onCertificateError(
                CefBrowser browser, CefLoadHandler.ErrorCode error, String url, CefCallback callback) {
            return false;
        }

        @Override
        public void onRenderProcessTerminated(
                CefBrowser browser, TerminationStatus status, int errorCode, String errorText) {
            LOG.warn("the window's renderer has ended: {} {}", status, errorCode);
            onRendererGone.run();
        }
    }

    private final class Resources extends CefResourceRequestHandlerAdapter {
        @Override
        public boolean onBeforeResourceLoad(CefBrowser browser, CefFrame frame, CefRequest request) {
            boolean wanted =
                    own.filter(page -> page.holdsResource(request.getURL())).isPresent();
            return !wanted && refused("a resource", request.getURL());
        }

        @Override
        public void onProtocolExecution(CefBrowser browser, CefFrame frame, CefRequest request, BoolRef allow) {
            allow.set(false); // mailto:, tel: and the like would start other programs
        }
    }

    private final class OneBrowser extends CefLifeSpanHandlerAdapter {
        @Override
        public void onAfterCreated(CefBrowser browser) {
            onBrowser.run();
        }

        @Override
        public boolean onBeforePopup(CefBrowser browser, CefFrame frame, String url, String name) {
            return refused("a pop-up", url);
        }
    }

    private static final class NoDownloads extends CefDownloadHandlerAdapter {
        @Override
        public boolean onBeforeDownload(
                CefBrowser browser, CefDownloadItem item, String name, CefBeforeDownloadCallback callback) {
            refused("a download", item.getURL());
            return true; // handled: a callback that is never told to continue cancels the download
        }
    }

    private static final class NoDialogs extends CefJSDialogHandlerAdapter {
        @Override
        public boolean onJSDialog(
                CefBrowser browser,
                String origin,
                JSDialogType type,
                String message,
                String promptText,
                CefJSDialogCallback callback,
                BoolRef suppress) {
            suppress.set(true);
            return false;
        }

        @Override
        public boolean onBeforeUnloadDialog(
                CefBrowser browser, String message, boolean reload, CefJSDialogCallback callback) {
            callback.Continue(true, "");
            return true;
        }
    }

    private static boolean noFileDialog(
            CefBrowser browser,
            CefDialogHandler.FileDialogMode mode,
            String title,
            String path,
            Vector<String> filters,
            Vector<String> extensions,
            Vector<String> descriptions,
            CefFileDialogCallback callback) {
        callback.Cancel();
        return true;
    }

    private static final class NoContextMenu extends CefContextMenuHandlerAdapter {
        @Override
        public void onBeforeContextMenu(
                CefBrowser browser, CefFrame frame, CefContextMenuParams parameters, CefMenuModel menu) {
            menu.clear();
        }
    }
}
