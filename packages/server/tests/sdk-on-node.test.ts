import { expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder, start } from './spawned-server.ts'

const root = join(import.meta.dir, '../../..')

/** A bot in plain JavaScript: an account, a group, one message that comes back stored. */
const BOT = `
  import { createClient, webSocketTransport } from './tam-client.js'
  import WebSocket from ${JSON.stringify(join(root, 'node_modules/ws/wrapper.mjs'))}

  const url = process.argv[2]
  const client = createClient({ url, transport: webSocketTransport(url, WebSocket) })
  await client.session.register({ username: 'bot', password: 'con mèo leo cây cau' })
  const { id } = await client.rest.createConversation({ kind: 'group', title: 'Nhóm bạn', memberIds: [] })
  client.start()
  const seq = await client.conversation(id).send('Xin chào từ Node').stored
  console.log('stored at', seq)
  process.exit(0)
`

test('the SDK, bundled as the guide says, talks from Node', async () => {
  const folder = newFolder()
  const bundle = join(folder, 'tam-client.js')
  const built = Bun.spawnSync(
    [process.execPath, 'build', 'packages/client/src/index.ts', '--target=node', `--outfile=${bundle}`],
    {
      cwd: root,
    },
  )
  expect(built.exitCode).toBe(0)
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'bot.js'), BOT)
  const { url } = await start({ TAM_DATA_DIR: newFolder() })
  const bot = Bun.spawn(['node', 'bot.js', url], { cwd: folder, stdout: 'pipe', stderr: 'pipe' })
  const [said, complained] = await Promise.all([
    new Response(bot.stdout).text(),
    new Response(bot.stderr).text(),
  ])
  expect({ said, complained }).toEqual({ said: 'stored at 2\n', complained: '' })
})
