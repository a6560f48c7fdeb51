import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin, type ResolvedConfig, type Rolldown } from 'vite'
import type { Shell } from '../src/worker/shell.ts'

/** Where pages look for it: at the root, so that it may answer for every page. */
const ADDRESS = 'sw.js'
const PAGE_FILE = 'index.html'
/** A subset for rare letters; without a network they are drawn in another font. */
const LEFT_OUT = /inter-latin-ext/
const STORED = /\.(?:js|css|woff2|svg)$/

/**
 * Builds `source` (relative to the root) into `sw.js` with the list of everything this build consists of. In
 * development the address answers with `retired` instead, so that no worker of an earlier `npm start` stands between
 * the page and its sources.
 */
export function serviceWorker({ source, retired }: { source: string; retired: string }): Plugin {
  let config: ResolvedConfig
  return {
    name: 'tam:service-worker',
    configResolved(resolved) {
      config = resolved
    },
    generateBundle: {
      // After the page is written.
      order: 'post',
      async handler(_options, bundle) {
        const page = bundle[PAGE_FILE]
        if (page?.type !== 'asset') {
          this.error(`the build has no ${PAGE_FILE}`)
        }
        const files = [...filesOf(bundle), ...publicFiles(config.publicDir)]
        const named = nameBuild(String(page.source), files)
        page.source = named.html
        const shell: Shell = {
          build: named.build,
          files: [
            ['/', integrityOf(named.html)],
            ...files.map(([path, content]) => [path, integrityOf(content)] as const),
          ],
        }
        this.emitFile({ type: 'asset', fileName: ADDRESS, source: await bundleWorker(config, source, shell) })
      },
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url !== `/${ADDRESS}`) {
          next()
          return
        }
        response.setHeader('content-type', 'text/javascript')
        response.setHeader('cache-control', 'no-cache')
        response.end(readFileSync(join(config.root, retired)))
      })
    },
  }
}

type File = readonly [path: string, content: string | Uint8Array]

function filesOf(bundle: Rolldown.OutputBundle): File[] {
  return Object.values(bundle)
    .filter(({ fileName }) => STORED.test(fileName) && !LEFT_OUT.test(fileName))
    .map((file): File => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source])
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function publicFiles(directory: string): File[] {
  return readdirSync(directory)
    .filter((name) => STORED.test(name))
    .map((name): File => [`/${name}`, readFileSync(join(directory, name))])
}

/** The same sources give the same name; the page says it, so that it can tell whether a worker has another build. */
function nameBuild(html: string, files: readonly File[]): { build: string; html: string } {
  const digest = createHash('sha256').update(html)
  for (const [path, content] of files) {
    digest.update(`\0${path}\0`).update(content)
  }
  const build = digest.digest('base64url').slice(0, 12)
  return { build, html: html.replace('</head>', `  <meta name="tam-build" content="${build}" />\n  </head>`) }
}

function integrityOf(content: string | Uint8Array): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`
}

async function bundleWorker(config: ResolvedConfig, source: string, shell: Shell): Promise<string> {
  const built = await build({
    root: config.root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { TAM_SHELL: JSON.stringify(shell) },
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: {
        input: join(config.root, source),
        treeshake: { moduleSideEffects: [{ test: /packages\/util\/src/, sideEffects: false }] },
        output: { format: 'iife' },
      },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined
  if (chunk === undefined) {
    throw new Error(`${source} was not built`)
  }
  return chunk.code
}
