import type { Attention } from '../conversation-list/list.logic.ts'

/** What the icon's corner shows: a number up to 9, `9+`, a dot for unread that is not personal, or nothing. */
export function faviconMark({ direct, any }: Attention): string {
  if (direct > 0) {
    return direct > 9 ? '9+' : String(direct)
  }
  return any ? 'dot' : ''
}

/** The icon with its mark, as SVG. */
export function faviconSvg(mark: string): string {
  const badge =
    mark === 'dot'
      ? '<circle cx="25" cy="25" r="6.5" fill="#CC3320" stroke="#fff" stroke-width="2"/>'
      : `<circle cx="22" cy="22" r="10" fill="#CC3320"/><text x="22" y="27" font-family="system-ui,sans-serif" font-size="${mark.length > 1 ? 12 : 15}" font-weight="700" fill="#fff" text-anchor="middle">${mark}</text>`
  const glyph =
    '<rect width="32" height="32" rx="9.5" fill="#0B7A5E"/><g fill="none" stroke="#fff" stroke-width="2.6" stroke-linejoin="round"><circle cx="16" cy="11.4" r="4.4"/><path d="M16 15.8a5.4 5.4 0 1 1-3.6 9.4L9.4 26l.9-2.9A5.4 5.4 0 0 1 16 15.8z"/></g>'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${glyph}${mark === '' ? '' : badge}</svg>`
}
