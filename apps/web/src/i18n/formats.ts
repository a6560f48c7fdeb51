import type { Locale } from './define.ts'

/** Dates, times, lists and order in one language and region. All times are the device's own time zone. */
export interface Formats {
  /** `14:05` · `2:05 PM`. */
  time(at: string): string
  /** `22/11/2026` · `11/22/2026` by region. */
  date(at: string): string
  /** For titles: `Chủ Nhật, 22 tháng 11, 2026 lúc 14:05`. */
  full(at: string): string
  /** A day divider: `Hôm nay, 22 tháng 11`, `Hôm qua, …`, else weekday and date; the year when it is another. */
  day(at: string, now: number): string
  /** The right edge of a list row: time today, `Hôm qua`, weekday within a week, else a short date. */
  listTime(at: string, now: number): string
  /** `2 phút trước` · `2 minutes ago`, for the middle of a sentence. */
  relative(at: string, now: number): string
  /** `Hường, Đạt và An` · `Hường, Đạt, and An`. */
  list(items: readonly string[]): string
  /** For sorting names: `Đ` after `D`, `Ă` after `A`, numbers by value. */
  compare(a: string, b: string): number
}

const DAY_MS = 86_400_000

/** `languages` are the browser's: an English reader keeps the region (and its clock), Vietnamese is Vietnam's. */
export function createFormats(locale: Locale, languages: readonly string[], timeZone?: string): Formats {
  const tag = locale === 'vi' ? 'vi-VN' : (languages.find((language) => /^en-/i.test(language)) ?? 'en-US')
  const formatter = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(tag, timeZone === undefined ? options : { ...options, timeZone })
  const time = formatter({ hour: locale === 'vi' ? '2-digit' : 'numeric', minute: '2-digit' })
  const date = formatter({ day: '2-digit', month: '2-digit', year: 'numeric' })
  const full = formatter({ dateStyle: 'full', timeStyle: 'short' })
  const weekday = formatter({ weekday: 'short' })
  const dayMonth = formatter({ day: 'numeric', month: 'long' })
  const weekdayDate = formatter({ weekday: 'long', day: 'numeric', month: 'long' })
  const weekdayDateYear = formatter({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  const shortDate = formatter({ day: 'numeric', month: 'numeric' })
  const relativeTime = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  const conjunction = new Intl.ListFormat(tag, { type: 'conjunction' })
  const collator = new Intl.Collator(locale, { sensitivity: 'base', numeric: true })
  const zone = formatter({
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    calendar: 'iso8601',
    numberingSystem: 'latn',
  })
  const dayNumber = (ms: number): number => localDayNumber(zone, ms)
  const relativeDay = (days: number): string => capitalise(relativeTime.format(-days, 'day'), tag)

  return {
    time: (at) => time.format(new Date(at)),
    date: (at) => date.format(new Date(at)),
    full: (at) => full.format(new Date(at)),
    day(at, now) {
      const then = new Date(at)
      const days = dayNumber(now) - dayNumber(then.getTime())
      if (days === 0 || days === 1) {
        return `${relativeDay(days)}, ${dayMonth.format(then)}`
      }
      const sameYear = then.getFullYear() === new Date(now).getFullYear()
      return (sameYear ? weekdayDate : weekdayDateYear).format(then)
    },
    listTime(at, now) {
      const then = new Date(at)
      const days = dayNumber(now) - dayNumber(then.getTime())
      if (days <= 0) {
        return time.format(then)
      }
      if (days === 1) {
        return relativeDay(1)
      }
      if (days < 7) {
        return weekday.format(then)
      }
      return then.getFullYear() === new Date(now).getFullYear() ? shortDate.format(then) : date.format(then)
    },
    // Vietnamese ones begin with a capital where they are words: Hôm qua.
    relative: (at, now) => relativeTo(relativeTime, new Date(at).getTime() - now).toLocaleLowerCase(tag),
    list: (items) => conjunction.format(items),
    compare: (a, b) => collator.compare(a, b),
  }
}

/** Days since the epoch of the local calendar day that `ms` falls on; immune to daylight saving. */
function localDayNumber(zone: Intl.DateTimeFormat, ms: number): number {
  const parts = Object.fromEntries(zone.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
  return Math.floor(Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'] ?? 1) / DAY_MS)
}

function relativeTo(format: Intl.RelativeTimeFormat, deltaMs: number): string {
  const seconds = Math.round(deltaMs / 1000)
  const minutes = Math.round(seconds / 60)
  if (Math.abs(minutes) < 1) {
    return format.format(0, 'second')
  }
  if (Math.abs(minutes) < 60) {
    return format.format(minutes, 'minute')
  }
  const hours = Math.round(minutes / 60)
  return Math.abs(hours) < 24 ? format.format(hours, 'hour') : format.format(Math.round(hours / 24), 'day')
}

function capitalise(text: string, tag: string): string {
  return text.charAt(0).toLocaleUpperCase(tag) + text.slice(1)
}
