import { createContext, use, useMemo, type ReactNode } from 'react'
import { pseudo } from '../dev/pseudo.ts'
import { useReadable } from '../hooks/use-readable.ts'
import type { State } from '../platform/state.ts'
import type { Area, Locale } from './define.ts'
import { createFormats, type Formats } from './formats.ts'

interface Localisation {
  readonly locale: Locale
  readonly formats: Formats
  readonly setLocale: (locale: Locale) => void
}

const isPseudo = import.meta.env.DEV && new URLSearchParams(globalThis.location?.search).has('pseudo')

const LocaleContext = createContext<Localisation | undefined>(undefined)

/** Gives the language to everything inside; switching renders anew, nothing reloads. */
export function LocaleProvider({ locale: state, children }: { locale: State<Locale>; children: ReactNode }) {
  const locale = useReadable(state)
  const value = useMemo(
    () => ({ locale, formats: createFormats(locale, navigator.languages), setLocale: state.set }),
    [locale, state],
  )
  return <LocaleContext value={value}>{children}</LocaleContext>
}

/** The current language and the way to change it. */
export function useLocale(): Localisation {
  const value = use(LocaleContext)
  if (value === undefined) {
    throw new Error('useLocale needs a LocaleProvider above it')
  }
  return value
}

/** The texts of an area in the current language: `const t = useT(authText)`. */
export function useT<T>(area: Area<T>): Area<T>['vi'] {
  const texts = area[useLocale().locale]
  return import.meta.env.DEV && isPseudo ? pseudo(texts) : texts
}

/** Dates, times, lists and order of the current language. */
export function useFormats(): Formats {
  return useLocale().formats
}
