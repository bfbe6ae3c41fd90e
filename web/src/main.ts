import { h, render } from "preact";
import { connectPage, type PageSocket } from "./bridge/socket";
import { browserPorts } from "./call/browser-ports";
import { Controller } from "./call/controller";
import { offerSupport } from "./call/support";
import { App } from "./ui/App";
import "./styles/main.css";

/* The page: socket → controller → view → components. */

let socket: PageSocket | null = null;
const controller = new Controller(browserPorts((message) => socket?.send(message)));
offerSupport(window, controller);

const root = document.getElementById("app");
if (root === null) throw new Error("The page has no place for the app.");
const show = () => {
  const view = controller.store.state;
  document.title = view.call ? "Sotto: in a call" : "Sotto";
  render(h(App, { view, level: controller.level, actions: controller.actions }), root);
};
let due = false;
controller.store.subscribe(() => {
  if (due) return;
  due = true;
  // Once for all changes of one message, and after everything else that the message sets off: connections first.
  queueMicrotask(() => {
    due = false;
    show();
  });
});
show();

if (controller.canStart()) {
  socket = connectPage(window, {
    message: (message) => controller.receive(message),
    refused: () => controller.refused(),
    lost: () => controller.lost(),
  });
}
