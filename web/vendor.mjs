// Copies the pinned libraries from node_modules to static/vendor and draws the icon sprite. No network, no bundler.
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const target = join(here, "static", "vendor");

const files = {
  "hls.light.min.mjs": "hls.js/dist/hls.light.min.mjs",
  "hls.worker.js": "hls.js/dist/hls.worker.js",
};
const subsets = ["latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "greek-ext", "vietnamese"];
for (const subset of subsets) {
  const name = `inter-${subset}-wght-normal.woff2`;
  files[name] = `@fontsource-variable/inter/files/${name}`;
}
const licences = ["hls.js", "lucide-static", "@fontsource-variable/inter"];

async function sources(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile() && /\.(html|js|py)$/.test(e.name)).map((e) => join(e.parentPath ?? e.path, e.name));
}

// Any quoted word in a source that names a Lucide icon goes into the sprite; icon("name") must name one.
async function iconNames() {
  const folders = [join(here, "templates"), join(here, "static", "js"), join(here, "..", "sokoul", "web", "pages")];
  const known = new Set((await readdir(join(modules, "lucide-static", "icons"))).map((file) => file.replace(/\.svg$/, "")));
  const names = new Set();
  for (const folder of folders) {
    for (const path of await sources(folder)) {
      const text = await readFile(path, "utf8");
      for (const [, name] of text.matchAll(/["']([a-z][a-z0-9-]*)["']/g)) if (known.has(name)) names.add(name);
      for (const [, name] of text.matchAll(/\bicon\(\s*["']([^"']+)["']/g)) if (!known.has(name)) throw new Error(`${path}: no icon "${name}"`);
    }
  }
  return [...names].sort();
}

async function sprite(names) {
  const symbols = [];
  for (const name of names) {
    const svg = await readFile(join(modules, "lucide-static", "icons", `${name}.svg`), "utf8");
    const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, "")}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

async function licence(name) {
  const entries = await readdir(join(modules, name));
  const file = entries.find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(join(modules, name, file), "utf8") : "";
  return `${name}\n\n${text}`;
}

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
for (const [name, source] of Object.entries(files)) await copyFile(join(modules, source), join(target, name));
await writeFile(join(target, "icons.svg"), await sprite(await iconNames()));
await writeFile(join(target, "LICENSES.txt"), (await Promise.all(licences.map(licence))).join("\n\n----\n\n"));
