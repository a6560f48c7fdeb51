import { publicAddress } from '../config/public-address.ts'
import { isShared } from '../config/targets.ts'
import { createHeads } from '../heads/heads.ts'
import { createMetrics } from '../observability/metrics.ts'
import { openEngines, type Engines } from './engines.ts'
import { admit } from './format.ts'
import { Hearing } from './hearing.ts'
import { patiently } from './patience.ts'
import type { Foundation } from './role.ts'
import { createServices } from './services.ts'
import type { StartOptions } from './start.ts'
import { StoreProbe } from './store-probe.ts'

/**
 * Opens the engines and builds the domain over them. What has to be closed goes onto `opening`.
 * @throws {SqliteOpenError | StartError | RemoteKvOpenError}
 */
export async function layFoundation(
  opening: AsyncDisposableStack,
  options: StartOptions,
  { node, port }: { readonly node: string; readonly port: number },
): Promise<Foundation> {
  const { config, clock } = options
  const address = publicAddress(config, port)
  const opened = opening.use(await openEngines(options))
  const engines = options.wrapEngines?.(opened) ?? opened
  await patiently(options, () => admit(engines.kv))
  const heads = mayAppendUnheard(config, engines) ? createHeads({ ...options, ...engines, node }) : undefined
  await patiently(options, async () => heads?.registration.join())
  const hearing = new Hearing()
  const heardSince = isShared(config.store) ? { heardSince: hearing.since } : {}
  const services = await patiently(options, () =>
    createServices({ ...options, ...heardSince, ...(heads && { heads }), engines, publicUrl: address.url }),
  )
  opening.use(services.keys)
  const metrics = opening.adopt(createMetrics(clock), ({ stop }) => stop())
  const probe = opening.adopt(new StoreProbe(engines.kv, clock), (started) => started.stop())
  await probe.start()
  const isStoreAlive = () => probe.isAlive()
  return {
    ...options,
    node,
    address,
    engines,
    services,
    hearing,
    metrics,
    isStoreAlive,
    ...(heads && { heads }),
  }
}

/** Whether others may miss what this process appends to logs; presence servers append to none. */
function mayAppendUnheard({ roles }: StartOptions['config'], { bus }: Engines): boolean {
  return !bus.isLossless && roles.some((role) => role !== 'presence')
}
