import { ERROR, type ErrorCodeName } from '@tam/protocol'
import { FRAME_UNITS_MAX } from '../limits.ts'

/* Frames to the client. Entries are strings already; nothing here parses or serialises them again. */

export const PONG = '{"t":"pong"}'
export const MISSED = '{"t":"missed"}'

/** Index after the last of `entries` that shares a frame with the one at `from`: at least one, at most a frame's fill. */
export function endOfFrame(entries: readonly string[], from: number): number {
  let units = entries[from]?.length ?? 0
  let end = from + 1
  while (end < entries.length) {
    units += entries[end]?.length ?? 0
    if (units > FRAME_UNITS_MAX) {
      break
    }
    end++
  }
  return end
}

/** Entries of one log, ascending and dense. */
export function entryFrame(log: string, entries: readonly string[]): string {
  const body = entries.length === 1 ? entries[0] : entries.join(',')
  return `{"t":"entry","conv":"${log}","entries":[${body}]}`
}

/** The acknowledgement of a send; ids and cid hold no character that JSON escapes. */
export function sendOk(id: number, cid: string, seq: number, at: string): string {
  return `{"t":"ok","id":${id},"cid":"${cid}","seq":${seq},"at":"${at}"}`
}

export function historyOk(id: number, entries: readonly string[], state: object, head: number): string {
  return `{"t":"ok","id":${id},"entries":[${entries.join(',')}],"state":${JSON.stringify(state)},"head":${head}}`
}

/** A refusal; `retry` follows from the code. */
export function err(id: number | undefined, code: ErrorCodeName, detail?: string): string {
  return JSON.stringify({ t: 'err', id, code, retry: ERROR[code].retry, detail })
}

export type ResyncReason = 'gap_too_large' | 'epoch_changed' | 'bad_position' | 'hole'

export function resync(log: string, reason: ResyncReason, head: number): string {
  return `{"t":"resync","conv":"${log}","reason":"${reason}","head":${head}}`
}

export function typing(conv: string, user: string): string {
  return `{"t":"typing","conv":"${conv}","user":"${user}"}`
}
