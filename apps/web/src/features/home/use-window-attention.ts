import { useEffect } from 'react'
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
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (link === null || mark === '') {
      link?.setAttribute('href', PLAIN_ICON)
      return
    }
    // A blob, because the content security policy has no `data:`.
    const url = URL.createObjectURL(new Blob([faviconSvg(mark)], { type: 'image/svg+xml' }))
    link.href = url
    return () => {
      link.href = PLAIN_ICON
      URL.revokeObjectURL(url)
    }
  }, [mark])
}
