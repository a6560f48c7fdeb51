import { seededRandom } from '@tam/util'
import { Api } from '../../tools/drill/api.ts'
import { ServerProcess, freePort } from '../../tools/drill/server-process.ts'

/** Runs `work` against a server on `dataDir`, which ends afterwards in good order. */
export async function withServer(dataDir: string, work: (api: Api) => Promise<void>): Promise<void> {
  const port = await freePort(seededRandom(process.pid))
  const server = new ServerProcess({
    dataDir,
    port,
    env: { TAM_LOG_LEVEL: 'warn' },
  })
  try {
    await server.ready()
    await work(new Api(`http://127.0.0.1:${port}`))
    await server.stop()
  } catch (error) {
    await server.kill()
    throw error
  }
}
