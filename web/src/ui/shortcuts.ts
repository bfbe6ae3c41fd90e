import type { Actions, Phase } from "../call/view-state";

/**
 * M mutes, V turns the camera on and off, S shares, Esc closes a panel. Not while a person types, not with a modifier key,
 * and not while a dialog waits for its answer.
 *
 * @returns stops listening
 */
export function listenForShortcuts(target: Window, phase: Phase["kind"], actions: Actions): () => void {
  if (phase !== "call" && phase !== "lobby") return () => {};
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (target.document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      actions.closePanel();
      return;
    }
    if (isTyping(event.target)) return;
    const action = actionFor(event.key.toLowerCase(), phase, actions);
    if (!action) return;
    event.preventDefault();
    action();
  };
  target.addEventListener("keydown", onKey);
  return () => target.removeEventListener("keydown", onKey);
}

function actionFor(key: string, phase: Phase["kind"], actions: Actions): (() => void) | null {
  if (key === "m") return actions.toggleMicrophone;
  if (key === "v") return actions.toggleCamera;
  return key === "s" && phase === "call" ? actions.toggleSharing : null;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== "radio" && target.type !== "checkbox";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
