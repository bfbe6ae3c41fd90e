import { render } from "preact";
import type { Actions } from "../src/call/view-state";
import { App } from "../src/ui/App";
import "../src/styles/main.css";
import { SCENES } from "./scenes";

/*
 * Shows the UI in states that are hard to reach by hand: `/dev/?scene=call-3&theme=dark`. Never shipped: the build's only
 * entries are the page and the frame worker.
 */

const parameters = new URLSearchParams(location.search);
const theme = parameters.get("theme");
if (theme) document.documentElement.style.colorScheme = theme;
const scene = parameters.get("scene");
const root = document.getElementById("app");
if (root) {
  const make = scene === null ? undefined : SCENES[scene];
  if (make) {
    render(<App view={make()} level={{ read: () => 0.62 }} actions={loggingActions()} />, root);
  } else {
    const names = Object.keys(SCENES);
    render(
      <ul>
        {names.map((name) => (
          <li key={name}>
            <a href={`?scene=${name}`}>{name}</a>
          </li>
        ))}
      </ul>,
      root,
    );
  }
}

/** Actions that only say in the console what was pressed. */
function loggingActions(): Actions {
  return new Proxy({} as Actions, {
    get:
      (_, name) =>
      (...values: unknown[]) =>
        console.info(String(name), ...values),
  });
}
