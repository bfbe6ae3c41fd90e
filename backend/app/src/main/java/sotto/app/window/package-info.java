/**
 * The app's own window: Chromium, through JCEF, showing the page that the local backend serves, and nothing else.
 *
 * <p>Chromium's sandbox is off in JCEF's child processes, so what is loaded matters more than in a browser. {@link
 * OwnOrigin} says which addresses are the app's own, {@link Refusals} turns everything else away: navigation, frames,
 * resources, pop-ups, downloads, dialogs. WebSockets and STUN do not pass those hooks; the page's Content Security Policy
 * and the resolver rule in {@link Chromium} hold them.
 *
 * <p>No key and no call passes here. Used by the command line alone: {@code App} runs without a window just as well.
 */
package sotto.app.window;
