// Checks the built files against the budgets: what the first list loads, and each lazy chunk alone.
// Sizes are gzipped (level 9), in kB of 1,000 bytes. Run after `npm run build`; `--dir` names the build.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const FIRST_LIST_KB = 250;
const LAZY_CHUNK_KB = 300;
const FIRST_LIST = "src/resources/contacts/ContactList.tsx";

const { values } = parseArgs({ options: { dir: { type: "string", default: "dist" } } });
const manifest = JSON.parse(readFileSync(join(values.dir, ".vite/manifest.json"), "utf8"));

const kilobytes = (file) => gzipSync(readFileSync(join(values.dir, file)), { level: 9 }).length / 1000;

/** The files that come with a chunk: itself, its style sheets and all that it imports at once. */
function filesOf(key, seen = new Set()) {
  const chunk = manifest[key];
  if (seen.has(key) || chunk === undefined) return new Set();
  seen.add(key);
  const files = new Set([chunk.file, ...(chunk.css ?? [])]);
  for (const imported of chunk.imports ?? []) for (const file of filesOf(imported, seen)) files.add(file);
  return files;
}

const first = new Set([...filesOf("index.html"), ...filesOf(FIRST_LIST)]);
if (manifest[FIRST_LIST] === undefined) throw new Error(`the build has no chunk for ${FIRST_LIST}`);
const firstKb = [...first].reduce((sum, file) => sum + kilobytes(file), 0);
console.log(`first list: ${firstKb.toFixed(1)} kB in ${first.size} files (budget ${FIRST_LIST_KB})`);
for (const file of first)
  if (kilobytes(file) > 5) console.log(`  ${kilobytes(file).toFixed(1).padStart(6)}  ${file}`);

const failures = firstKb > FIRST_LIST_KB ? [`first list is ${firstKb.toFixed(1)} kB`] : [];
let allKb = 0;
for (const { file } of new Map(Object.values(manifest).map((chunk) => [chunk.file, chunk])).values()) {
  if (!/\.(js|css)$/.test(file)) continue;
  allKb += kilobytes(file);
  if (!first.has(file) && kilobytes(file) > LAZY_CHUNK_KB)
    failures.push(`${file} is ${kilobytes(file).toFixed(1)} kB`);
}
console.log(`all scripts and styles: ${allKb.toFixed(1)} kB; no lazy chunk may pass ${LAZY_CHUNK_KB}`);
if (failures.length > 0) {
  console.error(`over budget: ${failures.join("; ")}`);
  process.exit(1);
}
