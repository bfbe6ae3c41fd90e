import type { Actions, ToastView } from "../call/view-state";
import { CloseIcon } from "./icons";

/** Passing words, read out politely; they go by themselves. */
export function Toasts({ toasts, actions }: { readonly toasts: readonly ToastView[]; readonly actions: Actions }) {
  return (
    <div class="toasts" role="status" aria-live="polite" data-testid="toasts">
      {toasts.map((toast) => (
        <div key={toast.id} class="toast" data-testid="toast">
          <span>{toast.text}</span>
          <button
            type="button"
            class="bare"
            aria-label="Dismiss"
            title="Dismiss"
            onClick={() => actions.dismissToast(toast.id)}
          >
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  );
}
