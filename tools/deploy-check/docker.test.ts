import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../engines/redis/free-port.ts'
import { root, run } from '../run.ts'
import { isIgnored } from './dockerfile.ts'
import { buildImage, type Image } from './image.ts'

const POLL_MS = 50
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const ignore = read('.dockerignore')

test('.dockerignore lets only sources into the build', () => {
  const inside = [
    'package-lock.json',
    'packages/server/src/main.ts',
    'apps/web/public/favicon.svg',
    'tools/run.ts',
  ]
  const outside = [
    '.git/config',
    'data/tam.db',
    'node_modules/x/y.js',
    'apps/web/node_modules/x',
    '.env',
    'tools/x',
  ]
  expect(inside.filter((path) => isIgnored(ignore, path))).toEqual([])
  expect(outside.filter((path) => !isIgnored(ignore, path))).toEqual([])
  expect(isIgnored(ignore, 'packages/server/src/json.test.ts')).toBe(true)
})

// It installs packages: `npm test` sets this. Owners and other users need root.
if (process.env.TAM_TEST_DEPLOY === '1' && process.getuid?.() === 0) {
  describe('the image', () => {
    let image: Image
    beforeAll(async () => {
      image = await buildImage(read('Dockerfile'), ignore)
    }, 300_000)
    afterAll(() => image[Symbol.dispose]())

    const commandOf = ([program = '', ...words]: readonly string[]) => {
      const [uid, gid] = image.user.split(':')
      const user = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs']
      return [...user, image.path(`/usr/local/bin/${program}`), ...words.map((word) => image.local(word))]
    }

    test('holds the server and its packages, no tools, no sources of the web client', () => {
      for (const path of [
        '/app/node_modules/zod',
        '/app/apps/web/dist/index.html',
        '/app/packages/server/src',
      ]) {
        expect([path, existsSync(image.path(path))]).toEqual([path, true])
      }
      for (const path of ['/app/node_modules/vite', '/app/node_modules/typescript', '/app/apps/web/src']) {
        expect([path, existsSync(image.path(path))]).toEqual([path, false])
      }
      expect([...new Bun.Glob('packages/**/*.test.ts').scanSync(image.path('/app'))]).toEqual([])
    })

    test('is not root, and writes to its volume alone', () => {
      expect([image.user, image.volumes]).toEqual(['10001:10001', ['/data']])
    })

    test('starts, tells its health, drains at SIGTERM', async () => {
      const port = String(freePort())
      const env = {
        ...image.env,
        PATH: process.env.PATH ?? '',
        TAM_PORT: port,
        TAM_DATA_DIR: image.path('/data'),
      }
      const healthy = async () => (await run(commandOf(image.healthcheck), { env })).code
      expect(await healthy()).toBe(1)
      const server = Bun.spawn(commandOf([...image.entrypoint, ...image.command]), {
        cwd: image.path(image.workdir),
        env,
        stdout: 'ignore',
        stderr: 'inherit',
      })
      while (!(await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok) {
        expect(server.exitCode).toBeNull()
        await Bun.sleep(POLL_MS)
      }
      expect(await healthy()).toBe(0)
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('<html')
      expect(readdirSync(image.path('/data'))).not.toBeEmpty()
      server.kill('SIGTERM')
      expect(await server.exited).toBe(0)
    }, 60_000)
  })
}
