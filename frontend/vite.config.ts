// One build for every surface. Each entry becomes a hashed file named in built/manifest.json,
// which `{% asset %}` reads on the Django side; see src/motcua/web/ui/assets.py.
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const here = import.meta.dirname;
const entries: Record<string, string> = {
  app: "src/app.ts",
  styles: "src/styles/app.scss",
  scanner: "scanner/main.ts",
  offline_worker: "offline/sw.ts",
  teams: "teams/main.ts",
  board: "board/main.ts",
  colors: "colors/main.ts",
  studio: "studio/main.ts",
  desk: "desk/main.ts",
  hall: "hall/main.ts",
};

const built = resolve(here, "../src/motcua/web/ui/static/built");

// A running site reads the manifest at any moment: the old build stays until the new one is whole,
// and only then goes what the new manifest does not name.
function pruneAfterwards(): Plugin {
  return {
    name: "prune-afterwards",
    apply: "build",
    closeBundle() {
      const manifest = resolve(built, "manifest.json");
      if (!existsSync(manifest)) return;
      const named = readFileSync(manifest, "utf8");
      const folder = resolve(built, "assets");
      for (const file of readdirSync(folder)) {
        if (!named.includes(`assets/${file}`)) rmSync(resolve(folder, file));
      }
    },
  };
}

export default defineConfig({
  root: here,
  plugins: [pruneAfterwards()],
  // Relative, so that fonts and images are found wherever STATIC_URL hangs.
  base: "./",
  publicDir: false,
  resolve: {
    alias: { "moj-images": resolve(here, "node_modules/@ministryofjustice/frontend/moj/assets/images") },
  },
  css: {
    preprocessorOptions: {
      scss: {
        loadPaths: [here, resolve(here, "node_modules")],
        quietDeps: true,
        // MoJ's own use of a mixin that GOV.UK means to retire is not ours to mend.
        logger: { warn: (text: string) => text.includes("govuk-text-colour") || console.warn(text) },
      },
    },
  },
  build: {
    outDir: built,
    emptyOutDir: false,
    manifest: "manifest.json",
    // The licences of what is bundled go with it, as they ask; that of dmn-js too.
    license: { fileName: "licenses.md" },
    target: "es2022",
    chunkSizeWarningLimit: 1200,
    // A data: font would break the content security policy; only small pictures may be inlined.
    assetsInlineLimit: (path) => (path.endsWith(".svg") ? undefined : false),
    rollupOptions: {
      input: Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(resolve(here, path)))),
    },
  },
});
