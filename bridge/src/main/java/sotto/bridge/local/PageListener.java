package sotto.bridge.local;

import sotto.bridge.messages.PageToBackend;

/** Hears of the page. All calls come on the bridge's one thread and must not block it. */
public interface PageListener {

    /**
     * A page was let in: the first one, a reload, or one that the user allowed to take over. The page before it has had
     * its {@link #closed} call already.
     */
    void connected(PageLink page);

    /**
     * A message of the connected page. The first is its {@code Hello}, of the right version. {@code GetWorkerTicket} and
     * {@code AnswerPage} are the bridge's own business and do not come here.
     */
    void message(PageLink page, PageToBackend message);

    /** The page is gone. Its worker goes with it, and is told of first. */
    void closed(PageLink page);
}
