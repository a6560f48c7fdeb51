import type { Service } from '../lifecycle/service.ts'
import { Doubts } from './doubts.ts'
import { HeadTeller, type HeadTellerDeps } from './head-teller.ts'
import { Registration, type RegistrationDeps } from './registration.ts'

/** What one process tells the others of the logs it appends to. */
export interface Heads {
  readonly doubts: Doubts
  readonly teller: HeadTeller
  readonly registration: Registration
  /** Starts before anything is appended and after `registration.join`; stops when nothing will be appended any more. */
  readonly service: Service
}

export function createHeads(deps: Omit<HeadTellerDeps, 'doubts'> & RegistrationDeps): Heads {
  const doubts = new Doubts(deps.clock)
  const teller = new HeadTeller({ ...deps, doubts })
  const registration = new Registration(deps)
  const service: Service = {
    name: 'heads',
    start() {
      registration.start()
      teller.start()
    },
    async stop() {
      teller.stop()
      registration.stop()
      // Else it ends as one that was killed: the others go on looking for what the store may still apply.
      if (!doubts.isAny) {
        teller.sayLast()
        await registration.leave()
      }
    },
  }
  return { doubts, teller, registration, service }
}
