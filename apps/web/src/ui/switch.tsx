import { useId } from 'react'
import { useWithheld } from '../hooks/use-withheld.ts'
import { SettingProblem } from './setting-problem.tsx'

interface SwitchProps {
  readonly label: string
  readonly description: string
  readonly checked: boolean
  /** Waits for the server during an outage, and says so. */
  readonly needsServer?: boolean
  /** Why the newest choice was not kept. */
  readonly problem?: string | undefined
  readonly onChange: (checked: boolean) => void
}

/** On or off, with a sentence about what that means. */
export function Switch({ label, description, checked, needsServer = false, problem, onChange }: SwitchProps) {
  const id = useId()
  const withheld = useWithheld(needsServer)
  return (
    <div className="flex items-start gap-3">
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="block cursor-pointer text-list font-medium">
          {label}
        </label>
        <p id={`${id}-about`} className="mt-0.5 text-secondary text-text3">
          {description}
        </p>
        <SettingProblem text={problem} />
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={checked}
        aria-describedby={`${id}-about`}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        {...withheld}
        className="tap-target mt-0.5 h-6 w-10 shrink-0 cursor-pointer appearance-none rounded-full bg-border-strong data-withheld:cursor-not-allowed data-withheld:opacity-55 transition-colors before:absolute before:top-0.5 before:left-0.5 before:size-5 before:rounded-full before:bg-white before:transition-transform checked:bg-accent checked:before:translate-x-4"
      />
    </div>
  )
}
