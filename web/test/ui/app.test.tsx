// @vitest-environment jsdom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ALARM, SCENES } from "../../dev/scenes";
import type { Actions, ViewState } from "../../src/call/view-state";
import { App } from "../../src/ui/App";

const root = document.createElement("div");
document.body.append(root);

beforeAll(() => {
  // jsdom has dialogs, but can't open them.
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});

afterEach(() => act(() => render(null, root)));

/** Shows a scene; returns the actions that were called. */
function show(name: string, change: (view: ViewState) => ViewState = (view) => view) {
  const make = SCENES[name];
  if (!make) throw new Error(`there is no scene ${name}`);
  const called = vi.fn();
  const actions = new Proxy({} as Actions, {
    get:
      (_, action) =>
      (...values: unknown[]) =>
        called(action, ...values.filter((value) => !(value instanceof Event))),
  });
  act(() => render(<App view={change(make())} level={{ read: () => 0 }} actions={actions} />, root));
  return called;
}

function element<E extends HTMLElement = HTMLElement>(testId: string): E {
  const found = root.querySelector<E>(`[data-testid="${testId}"]`);
  if (!found) throw new Error(`nothing shows as ${testId}`);
  return found;
}

const has = (testId: string) => root.querySelector(`[data-testid="${testId}"]`) !== null;
const press = (key: string, target: EventTarget = document.body) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

describe("every scene", () => {
  it.each(Object.keys(SCENES))("%s: renders, and each button has a name", (name) => {
    show(name);
    for (const button of root.querySelectorAll("button")) {
      const label = button.getAttribute("aria-label") ?? button.textContent ?? "";
      expect(label.trim()).not.toBe("");
    }
  });

  it.each(Object.keys(SCENES))("%s: needs no style attribute from markup, which the CSP would refuse", (name) => {
    const set = vi.spyOn(Element.prototype, "setAttribute");
    show(name);
    const attributes = set.mock.calls.map(([attribute]) => attribute);
    set.mockRestore();
    expect(attributes).not.toContain("style");
  });
});

describe("lobby", () => {
  it("leads to a new room", () => {
    const called = show("lobby");
    element("new-room").click();
    expect(called).toHaveBeenCalledWith("newRoom");
  });

  it("shows an invitation before everything else", () => {
    const called = show("lobby-invited");
    expect(has("new-room")).toBe(false);
    element("join-invitation").click();
    expect(called).toHaveBeenCalledWith("joinInvitation");
  });

  it("has its own words for each trouble with the camera", () => {
    const words = (["refused", "missing", "busy", "failed"] as const).map((cameraTrouble) => {
      show("lobby", (view) => ({ ...view, devices: { ...view.devices, cameraTrouble, cameraTrack: null } }));
      return element("camera-trouble").textContent ?? "";
    });
    expect(new Set(words).size).toBe(4);
    for (const text of words) expect(text).toMatch(/join without/);
  });

  it("puts the link's problem under the link", () => {
    show("lobby-bad-link");
    expect(element("link-problem").textContent).toContain("not a whole Sotto link");
    expect(element("link").getAttribute("aria-invalid")).toBe("true");
  });
});

describe("call", () => {
  it("shows everyone with name, and marks who is muted or speaks", () => {
    show("call-5");
    const tiles = [...root.querySelectorAll<HTMLElement>('[data-testid="tile"]')];
    expect(tiles).toHaveLength(5);
    expect(tiles.filter((tile) => tile.dataset.muted === "true")).toHaveLength(2);
    expect(tiles.filter((tile) => tile.dataset.speaking === "true")).toHaveLength(1);
    expect(tiles[3]?.textContent).toContain("Dalia Ferreira dos Santos");
  });

  it("is drawn once for a size of the window", async () => {
    let told = 0;
    class Sizes {
      constructor(readonly tell: (entries: unknown[]) => void) {}
      // As browsers do: the first size is told unasked.
      observe() {
        queueMicrotask(() => {
          told += 1;
          this.tell([{ contentRect: { width: 800, height: 600 } }]);
        });
      }
      disconnect() {}
    }
    vi.stubGlobal("ResizeObserver", Sizes);
    show("call-3");
    for (let turn = 0; turn < 10; turn++) await act(() => Promise.resolve());
    vi.unstubAllGlobals();
    expect(told).toBe(1);
  });

  it("shows the link to who is alone, and to nobody in company", () => {
    show("alone");
    expect(element("room-link").textContent).toContain("/j/");
    show("call-2");
    expect(has("invite")).toBe(false);
  });

  it("says calmly that the server is away", () => {
    show("reconnecting");
    expect(element("server-reconnecting").textContent).toContain("Your call goes on");
    expect(has("alarm")).toBe(false);
  });

  it("says what an alarm is, what it means, and what to do", () => {
    const called = show("alarm");
    const text = element("alarm").textContent;
    for (const part of [ALARM.what, ALARM.privacy, ALARM.next]) expect(text).toContain(part);
    element("alarm-dismiss").click();
    expect(called).toHaveBeenCalledWith("dismissAlarm", 1);
  });

  it("shows the safety number in groups of five, and says there is none while alone", () => {
    show("safety");
    const groups = [...element("safety-number").children].map((group) => group.textContent);
    expect(groups).toHaveLength(12);
    expect(groups.every((group) => /^\d{5}$/.test(group ?? ""))).toBe(true);
    show("alone", (view) => ({ ...view, panel: "safety" }));
    expect(has("safety-none")).toBe(true);
  });

  it("says that a direct call shows the own address to the others, and that a relayed one does not", () => {
    show("privacy");
    expect(element("privacy-panel").textContent).toContain("your computers talk straight to each other");
    show("privacy", (view) => ({ ...view, call: view.call && { ...view.call, path: "relay" } }));
    expect(element("privacy-panel").textContent).not.toContain("talk straight to each other");
    expect(element("privacy-panel").textContent).toContain("The relay");
  });

  it("filters the journal by words and by event", () => {
    show("journal");
    const filter = element<HTMLInputElement>("journal-filter");
    const rows = () => root.querySelectorAll('[data-testid="journal-entry"]').length;
    expect(rows()).toBe(12);
    filter.value = "béla camera";
    act(() => void filter.dispatchEvent(new Event("input", { bubbles: true })));
    expect(rows()).toBe(1);
    filter.value = "";
    act(() => void filter.dispatchEvent(new Event("input", { bubbles: true })));
    const chip = [...root.querySelectorAll("button")].find((button) => button.textContent === "destroyed");
    act(() => chip?.click());
    expect(rows()).toBe(2);
  });

  it("shares only what was chosen in the picker", () => {
    const called = show("picker");
    expect(element<HTMLButtonElement>("share-source").disabled).toBe(true);
    const choice = root.querySelector<HTMLInputElement>('[data-source="window:42:0"] input');
    act(() => choice?.click());
    element("share-source").click();
    expect(called).toHaveBeenCalledWith("shareSource", { id: "window:42:0", title: "Terminal", window: true });
  });
});

describe("keyboard", () => {
  it.each([
    ["m", "toggleMicrophone"],
    ["V", "toggleCamera"],
    ["s", "toggleSharing"],
    ["Escape", "closePanel"],
  ])("%s calls %s in a call", (key, action) => {
    const called = show("call-2");
    press(key);
    expect(called).toHaveBeenCalledWith(action);
  });

  it("does nothing while a person types, or in a dialog", () => {
    const typing = show("lobby");
    press("m", element("name"));
    expect(typing).not.toHaveBeenCalled();
    const asked = show("another-page");
    press("m");
    expect(asked).not.toHaveBeenCalled();
  });
});

describe("whole pages", () => {
  it("say after the backend's end that nothing was sent unencrypted, and what to do", () => {
    show("lost");
    const text = element("lost").textContent;
    expect(text).toContain("Nothing was sent unencrypted");
    expect(text).toContain("Start Sotto again");
    expect(has("call")).toBe(false);
  });

  it("ask the first page's user about a second one, with refusal as the safe end", () => {
    const called = show("another-page");
    element("another-page").dispatchEvent(new Event("cancel", { cancelable: true }));
    expect(called).toHaveBeenCalledWith("answerPage", false);
  });
});
