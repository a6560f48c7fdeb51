import { TamError } from '@tam/client'
import { useRef, useState, type SubmitEvent } from 'react'
import { authText } from '../../i18n/auth.ts'
import { describeError } from '../../i18n/describe-error.ts'
import { errorText } from '../../i18n/errors.ts'
import { useT } from '../../i18n/locale.tsx'
import { fieldErrors, type FieldErrors } from './auth.logic.ts'

interface Outcome {
  readonly fields: FieldErrors
  /** About the form as a whole. */
  readonly alert?: string | undefined
}

interface Submit {
  readonly outcome: Outcome
  readonly busy: boolean
  readonly onSubmit: (event: SubmitEvent<HTMLFormElement>) => void
}

/**
 * Runs a form: `check` first, then `send`; errors land at their fields and the first wrong field takes the focus.
 * A form in flight ignores another submit.
 */
export function useSubmit(check: () => FieldErrors, send: () => Promise<void>): Submit {
  const t = useT(authText)
  const errors = useT(errorText)
  const [outcome, setOutcome] = useState<Outcome>({ fields: {} })
  const [busy, setBusy] = useState(false)
  const inFlight = useRef(false)

  const show = (form: HTMLFormElement, next: Outcome) => {
    setOutcome(next)
    const first = Object.keys(next.fields)[0]
    const field = first === undefined ? null : form.elements.namedItem(first)
    if (field instanceof HTMLElement) {
      field.focus()
    }
  }
  const run = async (form: HTMLFormElement) => {
    inFlight.current = true
    setBusy(true)
    setOutcome({ fields: {} })
    try {
      await send()
    } catch (error) {
      show(
        form,
        outcomeOf(error, t, (other) => describeError(other, errors)),
      )
    } finally {
      inFlight.current = false
      setBusy(false)
    }
  }
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    if (inFlight.current) {
      return
    }
    const fields = check()
    if (Object.keys(fields).length > 0) {
      show(form, { fields })
      return
    }
    void run(form)
  }
  return { outcome, busy, onSubmit }
}

function outcomeOf(
  error: unknown,
  t: (typeof authText)['vi'],
  describe: (error: unknown) => string,
): Outcome {
  const code = error instanceof TamError ? error.code : ''
  if (error instanceof TamError && code === 'invalid_request' && error.errors.length > 0) {
    return { fields: fieldErrors(error.errors, t) }
  }
  if (code === 'username_taken') {
    return { fields: { username: t.usernameTaken } }
  }
  if (code === 'common_password') {
    return { fields: { password: describe(error) } }
  }
  // Which of the two is wrong is not told; the password is the likelier one and takes the focus.
  return code === 'invalid_credentials'
    ? { fields: { password: t.invalidCredentials } }
    : { fields: {}, alert: describe(error) }
}
