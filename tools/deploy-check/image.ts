import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { run, root } from '../run.ts'
import { type Instruction, isIgnored, parseDockerfile } from './dockerfile.ts'

/** An image as far as it can be made without a container engine: a folder for its root, and how it is started. */
export class Image implements Disposable {
  readonly folder: string
  workdir = '/'
  user = '0:0'
  env: Record<string, string> = {}
  entrypoint: readonly string[] = []
  command: readonly string[] = []
  healthcheck: readonly string[] = []
  volumes: readonly string[] = []

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'tam-image-'))
    chmodSync(this.folder, 0o755)
  }

  /** Where a path of the image is on this machine. */
  path(path: string): string {
    return join(this.folder, path.startsWith('/') ? path : join(this.workdir, path))
  }

  /** A command of the image for this machine: its absolute paths lead into the folder. */
  local(text: string): string {
    return text.replace(
      /(^|[\s=])(\/[\w./-]+)/g,
      (_, before: string, path: string) => before + this.path(path),
    )
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Carries out a Dockerfile line by line. @throws with the line that failed and what it said */
export async function buildImage(dockerfile: string, dockerignore: string): Promise<Image> {
  const stages = new Map<string, Image>()
  let image = new Image()
  try {
    for (const instruction of parseDockerfile(dockerfile)) {
      if (instruction.name === 'FROM') {
        image = new Image()
        stages.set(instruction.words[2] ?? 'final', image)
      } else {
        await carryOut(instruction, image, stages, dockerignore)
      }
    }
    return image
  } finally {
    for (const stage of stages.values()) {
      if (stage !== image) {
        stage[Symbol.dispose]()
      }
    }
  }
}

async function carryOut(
  instruction: Instruction,
  image: Image,
  stages: ReadonlyMap<string, Image>,
  dockerignore: string,
): Promise<void> {
  const { name, words, text } = instruction
  switch (name) {
    case 'WORKDIR':
      image.workdir = text
      mkdirSync(image.path(text), { recursive: true })
      break
    case 'COPY':
      copy(instruction, image, stages, dockerignore)
      break
    case 'RUN':
      await runIn(image, text)
      break
    case 'ENV':
      for (const word of words) {
        const [key = '', value = ''] = word.split('=')
        image.env[key] = value
      }
      break
    case 'USER':
      image.user = text
      break
    case 'VOLUME':
      image.volumes = words
      break
    case 'HEALTHCHECK':
      image.healthcheck = JSON.parse(text.slice(text.indexOf('['))) as string[]
      break
    case 'ENTRYPOINT':
      image.entrypoint = words
      break
    case 'CMD':
      image.command = words
      break
    case 'EXPOSE':
      break
    default:
      throw new Error(`the Dockerfile says ${name}, which this check does not know`)
  }
}

async function runIn(image: Image, command: string): Promise<void> {
  const outcome = await run(['sh', '-c', image.local(command)], { cwd: image.path('.'), env: image.env })
  if (outcome.code !== 0) {
    throw new Error(`RUN ${command}\n${outcome.output}`)
  }
}

function copy(
  { words, flags }: Instruction,
  image: Image,
  stages: ReadonlyMap<string, Image>,
  dockerignore: string,
): void {
  const target = words.at(-1) ?? '.'
  const from = flags['from'] === undefined ? undefined : stages.get(flags['from'])
  for (const source of words.slice(0, -1)) {
    const path = from === undefined ? join(root, source) : from.path(source)
    if (!existsSync(path)) {
      throw new Error(`COPY ${source}: there is no such file`)
    }
    const isIntoFolder = target.endsWith('/') && !statSync(path).isDirectory()
    const to = image.path(isIntoFolder || target === './' ? join(target, basename(source)) : target)
    mkdirSync(dirname(to), { recursive: true })
    const filter = (file: string) => from !== undefined || !isIgnored(dockerignore, relative(root, file))
    cpSync(path, to, { recursive: true, verbatimSymlinks: true, filter })
    if (!existsSync(to)) {
      throw new Error(`COPY ${source}: .dockerignore leaves it out`)
    }
  }
}
