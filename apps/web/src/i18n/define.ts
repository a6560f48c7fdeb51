import { isolated } from './isolate.ts'

export type Locale = 'vi' | 'en'

/** A whole sentence, or a function that makes one: sentences are never glued together from parts elsewhere. */
type Message = string | ((...values: never[]) => string)

/** Any text, but a function keeps its exact parameters. */
type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] }

/** The texts of one area of the interface in both languages. */
export interface Area<T> {
  readonly vi: Same<T>
  readonly en: Same<T>
}

/**
 * Defines the texts of an area; the compiler refuses a key that one language lacks or a function that differs.
 *
 * @example
 * export const inboxText = defineArea(
 *   { empty: 'Chưa có tin nhắn', unread: (count: number) => `${formatNumber('vi', count)} tin chưa đọc` },
 *   { empty: 'No messages yet', unread: (count) => plural(count, { one: '# unread message', other: '# unread messages' }) },
 * )
 * const t = useT(inboxText) // t.empty, t.unread(3)
 */
export function defineArea<const T extends Readonly<Record<string, Message>>>(
  vi: T,
  en: NoInfer<Same<T>>,
): Area<T> {
  return { vi: isolating(vi as unknown as Same<T>), en: isolating(en) }
}

/** Every sentence takes what people wrote as text of its own direction. */
function isolating<T extends object>(texts: T): T {
  const entries = Object.entries(texts).map(([key, text]: [string, unknown]) => [
    key,
    typeof text === 'function' ? isolatingIn(text as (...values: unknown[]) => string) : text,
  ])
  return Object.fromEntries(entries) as T
}

function isolatingIn(sentence: (...values: unknown[]) => string): typeof sentence {
  const isolate = (value: unknown) => (typeof value === 'string' ? isolated(value) : value)
  const whole: typeof sentence = (...values) => sentence(...values.map(isolate))
  return Object.defineProperty(whole, 'length', { value: sentence.length })
}
