import { useId, type ComponentProps, type ReactNode } from 'react'
import { Icon } from './icon.tsx'

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'id' | 'size'> {
  readonly label: string
  /** What is wrong; read with the field and shown below it. */
  readonly error?: string | undefined
  /** What to enter; an error takes its place. */
  readonly hint?: ReactNode
  /** A control inside the right edge. */
  readonly trailing?: ReactNode
}

export const FIELD_CLASS =
  'w-full rounded-menu border border-border-strong bg-canvas px-3 text-title text-text transition-colors hover:border-text3 focus:border-focus focus:outline-2 focus:-outline-offset-1 focus:outline-focus aria-invalid:border-danger sm:text-message'

/** One line of input with its label, hint and error tied together for assistive technology. */
export function TextField({ label, error, hint, trailing, className = '', ...props }: TextFieldProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-secondary font-medium text-text2">
        {label}
      </label>
      <div className="relative">
        <input
          {...props}
          id={id}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={describedBy(id, error, hint)}
          className={`${FIELD_CLASS} h-11 ${trailing === undefined ? '' : 'pr-12'}`}
        />
        {trailing !== undefined && (
          <div className="absolute inset-y-0 right-1.5 grid place-items-center">{trailing}</div>
        )}
      </div>
      <FieldNote id={id} error={error} hint={hint} />
    </div>
  )
}

interface TextAreaFieldProps extends Omit<ComponentProps<'textarea'>, 'id'> {
  readonly label: string
  readonly error?: string | undefined
  readonly hint?: ReactNode
}

/** Several lines of input, otherwise as `TextField`. */
export function TextAreaField({ label, error, hint, className = '', ...props }: TextAreaFieldProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-secondary font-medium text-text2">
        {label}
      </label>
      <textarea
        rows={3}
        {...props}
        id={id}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={describedBy(id, error, hint)}
        className={`${FIELD_CLASS} resize-none py-2.5 leading-[1.47]`}
      />
      <FieldNote id={id} error={error} hint={hint} />
    </div>
  )
}

function describedBy(id: string, error: string | undefined, hint: ReactNode): string | undefined {
  return error === undefined && hint === undefined ? undefined : `${id}-note`
}

function FieldNote({ id, error, hint }: { id: string; error: string | undefined; hint: ReactNode }) {
  if (error !== undefined) {
    return (
      <p id={`${id}-note`} className="mt-1.5 flex items-start gap-1.5 text-secondary text-danger-text">
        <Icon name="alert" className="mt-0.5 size-4" />
        <span className="min-w-0 break-words">{error}</span>
      </p>
    )
  }
  return hint === undefined ? null : (
    <p id={`${id}-note`} className="mt-1.5 text-secondary text-text3">
      {hint}
    </p>
  )
}
