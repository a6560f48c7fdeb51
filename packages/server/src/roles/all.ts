import { join } from 'node:path'
import { ROLES } from '../config/roles.ts'
import { type RunningServer, startRoles, type StartOptions } from './start.ts'

/** Every role in one process, whatever the settings say. @throws as `startRoles` */
export function startAll(options: StartOptions): Promise<RunningServer> {
  return startRoles({ ...options, config: { ...options.config, roles: ROLES } })
}

/** Where the repository keeps the built web client. */
export const builtWebRoot = join(import.meta.dir, '../../../../apps/web/dist')
