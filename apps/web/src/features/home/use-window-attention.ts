import { useEffect, useRef } from 'react'
import { listText } from '../../i18n/list.ts'
import { useT } from '../../i18n/locale.tsx'
import { badgeText, type Attention } from '../conversation-list/list.logic.ts'
import { faviconMark, faviconSvg } from './favicon.logic.ts'

const PLAIN_ICON = '/favicon.svg'

/** Keeps the window's title, `(3) Phạm Thu Hường · Tám`, and its icon true. */
export function useWindowAttention(attention: Attention, place: string | undefined): void {
  const t = useT(listText)
  const title = place === undefined ? 'Tám' : t.pageTitle(place)
  useEffect(() => {
    document.title = attention.direct > 0 ? t.unreadPageTitle(badgeText(attention.direct), title) : title
  }, [attention.direct, t, title])

  const mark = faviconMark(attention)
  // One address per mark, kept: the browser fetches an icon late, and an address taken back by then is an error.
  const addresses = useRef(new Map([['', PLAIN_ICON]]))
  useEffect(() => {
    const address = addresses.current.get(mark) ?? blobAddress(faviconSvg(mark))
    addresses.current.set(mark, address)
    document.querySelector('link[rel="icon"]')?.setAttribute('href', address)
  }, [mark])
  useEffect(() => () => document.querySelector('link[rel="icon"]')?.setAttribute('href', PLAIN_ICON), [])
}

/** A blob, because the content security policy has no `data:`. */
function blobAddress(svg: string): string {
  return URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
}
