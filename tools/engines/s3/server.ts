import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, run } from '../../run.ts'
import { freePort } from '../redis/free-port.ts'

const SOURCE = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0'
const CACHE = join(root, '.cache/s3')
/** Milliseconds until a started server must answer. */
const START_MS = 15_000
const POLL_MS = 20
const KEY = 'tam'
const SECRET = 'khoá/bí+mật'

/** A real S3 server on 127.0.0.1 over a temporary folder, with one bucket: Versity's gateway. */
export class S3Server implements AsyncDisposable {
  readonly port = freePort()
  readonly bucket = 'uploads'
  readonly #folder = mkdtempSync(join(tmpdir(), 'tam-s3-'))
  readonly #program: string
  #child: Bun.Subprocess | undefined

  constructor(program: string) {
    this.#program = program
    mkdirSync(join(this.#folder, this.bucket))
  }

  get url(): string {
    return this.urlOf({})
  }

  /** The TAM_BLOBS_URL with something else in it. */
  urlOf({ secret = SECRET, bucket = this.bucket, prefix = '' }): string {
    return `s3://${KEY}:${encodeURIComponent(secret)}@127.0.0.1:${this.port}/${bucket}${prefix}?tls=0`
  }

  /** Resolves once it answers. @throws when it ends or stays silent */
  async start(): Promise<void> {
    const command = [this.#program, '--access', KEY, '--secret', SECRET, '--port', `127.0.0.1:${this.port}`]
    const child = Bun.spawn([...command, '--quiet', 'posix', this.#folder], {
      stdout: 'ignore',
      stderr: 'inherit',
    })
    this.#child = child
    const deadline = performance.now() + START_MS
    while (!(await this.#answers())) {
      if (child.exitCode !== null || performance.now() > deadline) {
        throw new Error(`the S3 server did not start: ${child.exitCode}`)
      }
      await Bun.sleep(POLL_MS)
    }
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#child?.exited
  }

  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #answers(): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.port}/`).then(
      () => true,
      () => false,
    )
  }
}

/** Starts one; the first time it is built from the Go proxy, which takes minutes. @throws an error that says what to install */
export async function startS3(): Promise<S3Server> {
  const server = new S3Server(await findProgram())
  try {
    await server.start()
    return server
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
}

async function findProgram(): Promise<string> {
  const program = Bun.which('versitygw') ?? join(CACHE, 'versitygw')
  if (!existsSync(program)) {
    const { code, output } =
      Bun.which('go') === null
        ? { code: 1, output: 'not found' }
        : await run(['go', 'install', SOURCE], { env: { GOBIN: CACHE } })
    if (code !== 0) {
      throw new Error(`Go is needed (Debian: apt-get install golang-go): ${output.trim().slice(-500)}`)
    }
  }
  return program
}
