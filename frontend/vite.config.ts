// One build for every surface. Each entry becomes a hashed file named in built/manifest.json,
// which `{% asset %}` reads on the Django side; see src/motcua/web/ui/assets.py.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";

const here = import.meta.dirname;
const entries: Record<string, string> = {
  app: "src/app.ts",
  styles: "src/styles/app.scss",
  scanner: "scanner/main.ts",
  scanner_worker: "scanner/sw.ts",
  board: "board/main.ts",
};

export default defineConfig({
  root: here,
  // Relative, so that fonts and images are found wherever STATIC_URL hangs.
  base: "./",
  publicDir: false,
  resolve: {
    alias: { "moj-images": resolve(here, "node_modules/@ministryofjustice/frontend/moj/assets/images") },
  },
  css: {
    preprocessorOptions: {
      scss: { loadPaths: [here, resolve(here, "node_modules")], quietDeps: true },
    },
  },
  build: {
    outDir: resolve(here, "../src/motcua/web/ui/static/built"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // A data: font would break the content security policy; only small pictures may be inlined.
    assetsInlineLimit: (path) => (path.endsWith(".svg") ? undefined : false),
    rollupOptions: {
      input: Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(resolve(here, path)))),
    },
  },
});
