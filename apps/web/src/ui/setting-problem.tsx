/** Beside a setting: why a choice could not be kept. */
export function SettingProblem({ text }: { text: string | undefined }) {
  return (
    <p role="alert" className="mt-1.5 text-secondary text-danger-text empty:hidden">
      {text}
    </p>
  )
}
