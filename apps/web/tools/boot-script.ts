import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/**
 * Serves `source` (relative to the root) as a classic script that blocks the first paint, so that theme and
 * language are right before anything is drawn. The content security policy forbids inline scripts, hence a file
 * of its own under a hashed name.
 */
export function bootScript(source: string): Plugin {
  let root = ''
  let building = false
  let built = { fileName: '', code: '' }
  return {
    name: 'tam:boot-script',
    configResolved(config) {
      root = config.root
      building = config.command === 'build'
    },
    async buildStart() {
      if (building) {
        const code = minifyLines(await readFile(join(root, source), 'utf8'))
        const hash = createHash('sha256').update(code).digest('base64url').slice(0, 8)
        built = { fileName: `assets/boot-${hash}.js`, code }
      }
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: built.fileName, source: built.code })
    },
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const address = building ? built.fileName : `${source}?raw-script`
        return html.replace('<!-- boot script -->', `<script src="/${address}"></script>`)
      },
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url !== `/${source}?raw-script`) {
          next()
          return
        }
        response.setHeader('content-type', 'text/javascript')
        response.end(readFileSync(join(root, source)))
      })
    },
  }
}

/** The script is written so that dropping comments and indentation is safe; a minifier would be a dependency. */
function minifyLines(code: string): string {
  return code
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .join('\n')
}
