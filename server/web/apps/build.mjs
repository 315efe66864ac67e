// Builds the phone app and the console into server/web/built: hashed names, compressed beforehand.
//
//   node build.mjs            both apps
//   node build.mjs --tests    the unit tests, into build/apps-tests, for `node --test`
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const BUILT = join(HERE, "../built");

const OPTIONS = {
  bundle: true,
  minify: true,
  format: "iife",
  // A phone five years old, with the browser inside WeChat.
  target: ["chrome80", "safari15"],
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
};

const hashOf = (content) => createHash("sha256").update(content).digest("hex").slice(0, 10);

async function bundled(app, entry, more = {}) {
  const { outputFiles } = await build({ ...OPTIONS, entryPoints: [join(HERE, app, entry)], write: false, ...more });
  return outputFiles[0].contents;
}

// The page, its script and its style: named by their content, but for the page itself.
async function pageOf(app, define = {}, external = []) {
  const [script, style] = await Promise.all([bundled(app, "main.tsx", { define, external }), bundled(app, "app.css")]);
  const files = new Map([
    [`main-${hashOf(script)}.js`, script],
    [`app-${hashOf(style)}.css`, style],
  ]);
  const [scriptName, styleName] = [...files.keys()];
  const page = (await readFile(join(HERE, app, "index.html"), "utf8"))
    .replace("{script}", scriptName)
    .replace("{style}", styleName);
  files.set("index.html", page);
  files.set("icon.svg", await readFile(join(HERE, "phone", "icon.svg")));
  return files;
}

async function buildPhone() {
  // Loaded when a code is to be read, so that the first screen does not wait for it.
  const scanner = await bundled("phone", "scanner.ts", { format: "esm" });
  const scannerName = `scanner-${hashOf(scanner)}.js`;
  const files = await pageOf("phone", { SCANNER: JSON.stringify(`./${scannerName}`) }, [`./${scannerName}`]);
  files.set(scannerName, scanner);
  files.set("app.webmanifest", await readFile(join(HERE, "phone", "app.webmanifest")));
  const kept = ["./", ...[...files.keys()].filter((name) => name !== "index.html")];
  const stamp = hashOf([...files].map(([name, content]) => name + hashOf(content)).join());
  const define = { BUILD: JSON.stringify(stamp), FILES: JSON.stringify(kept) };
  files.set("worker.js", await bundled("phone", "worker.ts", { define }));
  await write("phone", files);
  // The verification pages, which are no app, read codes by the same library.
  await write("verify", new Map([["scanner.js", scanner]]));
}

// Written beside and moved into place, so that a server never finds half an app.
async function write(app, files) {
  const place = join(BUILT, app);
  const fresh = `${place}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  let total = 0;
  for (const [name, content] of files) {
    const bytes = Buffer.from(content);
    const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
    total += packed.length;
    await writeFile(join(fresh, name), bytes);
    await writeFile(join(fresh, `${name}.br`), packed);
    await writeFile(join(fresh, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  }
  await rm(place, { recursive: true, force: true });
  await rename(fresh, place);
  console.log(`${app}: ${files.size} files, ${(total / 1000).toFixed(1)} kB compressed`);
}

async function buildApps() {
  await buildPhone();
  await write("console", await pageOf("console"));
}

async function buildTests() {
  const folder = join(HERE, "tests");
  const entryPoints = (await readdir(folder)).filter((name) => name.endsWith(".test.ts")).map((name) => join(folder, name));
  await build({
    ...OPTIONS,
    minify: false,
    format: "esm",
    platform: "node",
    target: "node20",
    entryPoints,
    outdir: join(HERE, "../../../build/apps-tests"),
    outExtension: { ".js": ".mjs" },
  });
}

await (process.argv.includes("--tests") ? buildTests() : buildApps());
