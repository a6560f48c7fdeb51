import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from '../run.ts'

const cache = join(root, '.cache/deploy-check')
const HELM = 'helm.sh/helm/v3/cmd/helm@v3.22.0'
/** The loader of Docker Compose itself; its program is called `cmd`. */
const COMPOSE = 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2'
const KUBERNETES_VALIDATE = 'kubernetes-validate==1.37.0'

/** Helm, from the Go proxy when it is not installed. @throws an error that says what to install */
export async function findHelm(): Promise<string> {
  return Bun.which('helm') ?? (await goProgram(HELM, 'helm'))
}

/** A program that loads a Compose file as Docker does and prints it. @throws an error that says what to install */
export function findComposeLoader(): Promise<string> {
  return goProgram(COMPOSE, 'cmd')
}

/** A checker with the schemas of Kubernetes, from PyPI. @throws an error that says what to install */
export async function findKubernetesValidate(): Promise<string> {
  const folder = join(cache, 'python')
  const program = join(folder, 'bin/kubernetes-validate')
  if (!existsSync(program)) {
    await must(['python3', '-m', 'venv', folder], 'python3 with venv (Debian: apt-get install python3-venv)')
    await must([join(folder, 'bin/pip'), 'install', '--quiet', KUBERNETES_VALIDATE], KUBERNETES_VALIDATE)
  }
  return program
}

async function goProgram(source: string, name: string): Promise<string> {
  const program = join(cache, 'go', name)
  if (!existsSync(program)) {
    const env = { GOBIN: join(cache, 'go') }
    await must(['go', 'install', source], 'Go (Debian: apt-get install golang-go)', env)
  }
  return program
}

async function must(
  command: readonly string[],
  what: string,
  env: Record<string, string> = {},
): Promise<void> {
  const [program = ''] = command
  const { code, output } =
    Bun.which(program) === null ? { code: 1, output: 'not found' } : await run(command, { env })
  if (code !== 0) {
    throw new Error(`${what} is needed: ${output.trim().slice(-500)}`)
  }
}
