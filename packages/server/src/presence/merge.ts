import type { Here } from './here.ts'
import { CONVS_MAX } from './limits.ts'

/** What is true of a person, whatever they show of it. Times in milliseconds since the Unix epoch. */
export interface Whereabouts {
  readonly status: 'online' | 'away' | 'dnd' | 'offline'
  readonly since: number
  /** Conversations open on devices the person is active at. */
  readonly convs: readonly string[]
}

const NOWHERE: readonly string[] = []

/**
 * One status of all devices at all chat servers: the most active decides.
 * @returns undefined when nobody says anything, not even that the person left
 */
export function merge(places: Iterable<Here>, dnd: boolean): Whereabouts | undefined {
  const all = [...places]
  const here = all.filter(({ devices }) => devices.length > 0)
  if (here.length === 0) {
    const left = Math.max(...all.map(({ since }) => since))
    return all.length === 0 ? undefined : { status: 'offline', since: left, convs: NOWHERE }
  }
  const active = here.filter(({ devices }) => devices.some((device) => device.active))
  const deciding = active.length > 0 && !dnd ? active : here
  return {
    status: dnd ? 'dnd' : active.length > 0 ? 'online' : 'away',
    since: Math.min(...deciding.map(({ since }) => since)),
    convs: active.length === 0 ? NOWHERE : openConvs(active),
  }
}

function openConvs(active: readonly Here[]): readonly string[] {
  const convs = new Set<string>()
  for (const { devices } of active) {
    for (const device of devices) {
      if (device.active && device.conv !== null) {
        convs.add(device.conv)
      }
    }
  }
  return convs.size === 0 ? NOWHERE : [...convs].sort().slice(0, CONVS_MAX)
}

export function isPresent({ status }: Whereabouts): boolean {
  return status !== 'offline'
}
