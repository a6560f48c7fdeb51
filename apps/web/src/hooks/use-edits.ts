import { useCallback, useState } from 'react'

type Texts = Readonly<Record<string, string>>

interface Edits<Fields extends Texts> {
  /** What the fields show. */
  readonly values: Fields
  /** What is to be stored: the touched fields that differ from what is, without the space around them. */
  readonly changes: Partial<Fields>
  readonly set: (field: keyof Fields, text: string) => void
  /** Call when the changes are stored. */
  readonly reset: () => void
}

/** The fields of a form over what is stored: those that nobody touched follow it, whoever changes it elsewhere. */
export function useEdits<Fields extends Texts>(stored: Fields): Edits<Fields> {
  const [touched, setTouched] = useState<Partial<Fields>>({})
  const set = useCallback(
    (field: keyof Fields, text: string) => setTouched((before) => ({ ...before, [field]: text })),
    [],
  )
  const reset = useCallback(() => setTouched({}), [])
  return { values: { ...stored, ...touched }, changes: changesOf(stored, touched), set, reset }
}

export function changesOf<Fields extends Texts>(stored: Fields, touched: Partial<Fields>): Partial<Fields> {
  const trimmed = Object.entries(touched).map(([field, text]) => [field, text?.trim()] as const)
  return Object.fromEntries(trimmed.filter(([field, text]) => text !== stored[field])) as Partial<Fields>
}
