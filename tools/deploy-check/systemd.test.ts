import { expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXIT_CANNOT_START } from '../../packages/server/src/roles/start-errors.ts'
import { root, run } from '../run.ts'

/** Of `systemd-analyze security`: 0 reaches nothing, 10 everything. */
const EXPOSURE_MAX = 2

const source = readFileSync(join(root, 'deploy/tam.service'), 'utf8')

test('it starts again without end, but not where only a person can help', () => {
  const settings = Object.fromEntries(
    [...source.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  )
  expect(settings).toMatchObject({
    Restart: 'always',
    RestartPreventExitStatus: String(EXIT_CANNOT_START),
    StartLimitIntervalSec: '0',
  })
})

test('what is told to migrate is the program of the service, with its settings', () => {
  const [, program = ''] = /^ExecStart=(.*) serve$/m.exec(source) ?? []
  const [, settings = ''] = /^EnvironmentFile=-?(.*)$/m.exec(source) ?? []
  const guide = readFileSync(join(root, 'docs/guides/deploy.md'), 'utf8')
  for (const text of [source.replace(/^# ?/gm, ''), guide]) {
    const [command = ''] = /^ *systemd-run .*\\\n.*$/m.exec(text) ?? []
    expect(command).toEndWith(` ${program} migrate`)
    expect(command).toContain(`-p EnvironmentFile=${settings} `)
  }
})

// Where there is no systemd, there is nothing to check it with.
if (Bun.which('systemd-analyze') !== null) {
  test('the unit is valid, and the service reaches little', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tam-unit-'))
    const unit = join(folder, 'tam.service')
    // The interpreter is not installed where the tests run.
    writeFileSync(unit, source.replaceAll('/usr/local/bin/bun', process.execPath))
    const verified = await run(['systemd-analyze', 'verify', '--man=no', unit])
    expect(verified).toEqual({ code: 0, output: '' })
    const { output } = await run(['systemd-analyze', 'security', '--offline=true', unit])
    const exposure = Number(/exposure level for tam\.service: ([\d.]+)/.exec(output)?.[1])
    expect(exposure).toBeLessThanOrEqual(EXPOSURE_MAX)
    rmSync(folder, { recursive: true })
  })
}
