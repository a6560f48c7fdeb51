import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { bootScript } from './tools/boot-script.ts'
import { fontPreload } from './tools/font-preload.ts'
import { precompress } from './tools/precompress.ts'
import { serviceWorker } from './tools/service-worker.ts'

const api = process.env['TAM_API'] ?? 'http://127.0.0.1:8080'

/** Modules that both the sign-in page and the application load. */
const CORE =
  /packages\/(client|protocol|util)\/src|node_modules\/idb|src\/(platform|hooks\/use-(client|platform|readable|toast|withheld)|i18n\/(common|define|formats|locale|plural|errors|security|describe-error)|ui\/(button|icon|link|logo|place|spinner|text-field|toast|tooltip))/

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    bootScript('src/boot/boot.js'),
    fontPreload(),
    serviceWorker({ source: 'src/worker/worker.ts', retired: 'src/worker/retired.js' }),
    precompress(),
  ],
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: api },
      '/media': { target: api },
      '/ws': { target: api.replace(/^http/, 'ws'), ws: true },
    },
  },
  build: {
    target: 'es2023',
    manifest: true,
    // The polyfill would be one more script; every targeted browser knows module preload.
    modulePreload: { polyfill: false },
    // The content security policy has no `data:`; an inlined asset would be refused.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // Workspace packages only define things; what a page does not import must not travel to it (zod above all).
      treeshake: {
        moduleSideEffects: [{ test: /packages\/(protocol|util|client)\/src/, sideEffects: false }],
      },
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            // What every page needs travels as one file instead of a dozen.
            { name: 'core', test: CORE },
          ],
        },
      },
    },
  },
})
