import { expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, run } from '../run.ts'

/** Of `systemd-analyze security`: 0 reaches nothing, 10 everything. */
const EXPOSURE_MAX = 2

// Where there is no systemd, there is nothing to check it with.
if (Bun.which('systemd-analyze') !== null) {
  test('the unit is valid, and the service reaches little', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tam-unit-'))
    const unit = join(folder, 'tam.service')
    const source = readFileSync(join(root, 'deploy/tam.service'), 'utf8')
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
