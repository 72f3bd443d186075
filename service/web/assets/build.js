// Builds the page assets into ../static: one folder named after its content, and assets.json that names it.
// No network is needed once `npm ci` has run.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static");
const govuk = join(here, "node_modules", "govuk-frontend", "dist");

async function collect() {
  const files = new Map();
  const styles = sass.compile(join(here, "scss", "towpath.scss"), {
    style: "compressed",
    loadPaths: [govuk],
    quietDeps: true,
  });
  files.set("towpath.css", Buffer.from(styles.css));
  files.set("govuk-frontend.min.js", withoutMap(await readFile(join(govuk, "govuk", "govuk-frontend.min.js"))));
  for (const folder of ["js", "images"]) {
    for (const name of (await readdir(join(here, folder))).sort()) {
      files.set(name, await readFile(join(here, folder, name)));
    }
  }
  return files;
}

// The map is not shipped, so its comment would only send browsers to a missing page.
function withoutMap(content) {
  return Buffer.from(content.toString("utf8").replace(/\/\/# sourceMappingURL=\S*\s*$/, "\n"));
}

function digest(files) {
  const hash = createHash("sha256");
  for (const [name, content] of files) {
    hash.update(name).update("\0").update(content).update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

const files = await collect();
const folder = digest(files);
await rm(out, { recursive: true, force: true });
await mkdir(join(out, folder), { recursive: true });
for (const [name, content] of files) {
  await writeFile(join(out, folder, name), content);
}
await writeFile(join(out, "assets.json"), JSON.stringify({ folder, files: [...files.keys()] }, null, 2) + "\n");
console.log(`built ${files.size} files into static/${folder}`);
