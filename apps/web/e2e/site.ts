/* A page built for a test and served from a temporary directory, port 0. */
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { build } from 'vite'

export interface Site {
  readonly origin: string
  stop(): Promise<void>
}

interface SiteOptions {
  /** The HTML file, relative to apps/web. */
  readonly page: string
  /** A development build has the fixture and the pseudo language; its React is several times slower. */
  readonly mode: 'production' | 'development'
}

const root = join(import.meta.dirname, '..')

/** Builds and serves; paths that are no file answer with the page. */
export async function serveSite({ page, mode }: SiteOptions): Promise<Site> {
  const outDir = await mkdtemp(join(tmpdir(), 'tam-site-'))
  const before = process.env['NODE_ENV']
  // The test runner's would decide which React is built in.
  process.env['NODE_ENV'] = mode
  await build({
    root,
    mode,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [react(), tailwindcss()],
    build: {
      outDir,
      target: 'es2023',
      // Component names stay readable: a test counts what React renders.
      minify: false,
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(root, page) },
    },
  })
  process.env['NODE_ENV'] = before ?? 'test'
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const path = normalize(decodeURIComponent(new URL(request.url).pathname))
      const file = Bun.file(join(outDir, path))
      return new Response((await file.exists()) ? file : Bun.file(join(outDir, page)))
    },
  })
  return {
    origin: `http://127.0.0.1:${server.port}`,
    async stop() {
      await server.stop(true)
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
