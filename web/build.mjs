// Runs one step of the web build for Maven: `node build.mjs install | check | test | test:browser | build <folder>`.
// A step is left out when nothing that it reads has changed since it last succeeded (stamps lie in target/stamps).

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const LEAST_NODE = [20, 19];
const NOT_INPUTS = new Set(["dist", "node_modules", "target"]);

const root = dirname(fileURLToPath(import.meta.url));
const [step, folder] = process.argv.slice(2);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
  fail(`Node ${process.versions.node} is too old for the web build: it needs ${LEAST_NODE.join(".")} or newer.`);
}

switch (step) {
  case "install":
    // The stamp lies inside node_modules: whoever deletes the folder deletes the stamp.
    once(
      "node_modules/.sotto-stamp",
      hashOf(["package.json", "package-lock.json"]),
      existsSync(join(root, "node_modules")),
      () => run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"),
    );
    break;
  case "check":
  case "test":
  case "test:browser":
    once(`target/stamps/${step.replace(":", "-")}`, hashOf(inputs()), true, () => run("npm", "run", "--silent", step));
    break;
  case "build":
    once(`target/stamps/${step}`, hashOf(inputs()), existsSync(join(folder, "index.html")), () =>
      run("npm", "run", "--silent", "build", "--", "--outDir", folder, "--emptyOutDir", "--logLevel", "warn"),
    );
    break;
  default:
    fail(`unknown step: ${step}`);
}

/** Runs `work` unless `stamp` says that it has succeeded on the same input, and its result is `there`. */
function once(stamp, hash, there, work) {
  const file = join(root, stamp);
  if (there && existsSync(file) && readFileSync(file, "utf8") === hash) {
    console.log(`web ${step}: nothing has changed`);
    return;
  }
  console.log(`web ${step} …`);
  work();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
}

function run(command, ...args) {
  // npm is a .cmd file on Windows, which only a shell can start.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) fail(`${command} cannot be started: ${error.message}`);
  if (status !== 0) fail(`web ${step} failed: ${command} ${args.join(" ")}`);
}

/** Every file of the web part that is not made by a build, in a fixed order. */
function inputs(inside = "") {
  return readdirSync(join(root, inside))
    .filter((name) => inside !== "" || !NOT_INPUTS.has(name))
    .sort()
    .map((name) => join(inside, name))
    .flatMap((path) => (statSync(join(root, path)).isDirectory() ? inputs(path) : [path]));
}

function hashOf(files) {
  const hash = createHash("sha256").update(process.version);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
