import type { Invariant } from './invariant.ts'
import { REACHED_MS } from './i13-entitled.ts'
import { Absences } from './membership.ts'

export const attachments: Invariant = {
  id: 'I15',
  holds: 'an acknowledged attachment comes back unchanged for members, and does not exist for others',
  check(history, found) {
    const absences = new Absences(history)
    const uploads = new Map(history.uploads.map((upload) => [upload.key, upload]))
    let judged = 0
    for (const { key, user, at, until, status, sha } of history.downloads) {
      const upload = uploads.get(key)
      if (upload === undefined || at < upload.at) {
        continue
      }
      const absence = absences.at(upload.conv, user, at)
      if (absence === undefined) {
        if (!absences.isMemberThroughout(upload.conv, user, at, until)) {
          continue
        }
        judged++
        if (status < 500 && (status !== 200 || sha !== upload.sha)) {
          found.add(() => `${key}: ${user} got status ${status}, sha ${sha}; uploaded was ${upload.sha}`)
        }
      } else if (at > absence.from + REACHED_MS.disturbed && until < absence.to) {
        judged++
        if (status === 200) {
          found.add(() => `${key}: ${user} got it without being a member`)
        }
      }
    }
    return judged
  },
}
