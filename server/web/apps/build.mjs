// Builds the phone app into server/web/built/phone: hashed names, compressed beforehand.
//
//   node build.mjs            the app
//   node build.mjs --tests    the unit tests, into build/apps-tests, for `node --test`
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const BUILT = join(HERE, "../built/phone");
const PHONE = join(HERE, "phone");

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

async function bundled(entry, define = {}) {
  const { outputFiles } = await build({ ...OPTIONS, entryPoints: [join(PHONE, entry)], write: false, define });
  return outputFiles[0].contents;
}

async function buildPhone() {
  const [script, style] = await Promise.all([bundled("main.tsx"), bundled("app.css")]);
  const files = new Map([
    [`main-${hashOf(script)}.js`, script],
    [`app-${hashOf(style)}.css`, style],
  ]);
  const [scriptName, styleName] = [...files.keys()];
  const page = (await readFile(join(PHONE, "index.html"), "utf8"))
    .replace("{script}", scriptName)
    .replace("{style}", styleName);
  files.set("index.html", page);
  for (const name of ["app.webmanifest", "icon.svg"]) files.set(name, await readFile(join(PHONE, name)));
  const kept = ["./", ...[...files.keys()].filter((name) => name !== "index.html")];
  const stamp = hashOf([...files].map(([name, content]) => name + hashOf(content)).join());
  const define = { BUILD: JSON.stringify(stamp), FILES: JSON.stringify(kept) };
  files.set("worker.js", await bundled("worker.ts", define));
  await write(files);
}

// Written beside and moved into place, so that a server never finds half an app.
async function write(files) {
  const fresh = `${BUILT}.${process.pid}`;
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
  await rm(BUILT, { recursive: true, force: true });
  await rename(fresh, BUILT);
  console.log(`phone app: ${files.size} files, ${(total / 1000).toFixed(1)} kB compressed`);
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

await (process.argv.includes("--tests") ? buildTests() : buildPhone());
