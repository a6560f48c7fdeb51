import { Icon } from '../../../ui/icon.tsx'

/** What is wrong with the whole form; announced when it appears. */
export function FormAlert({ text, id }: { text: string; id?: string }) {
  return (
    <p
      role="alert"
      id={id}
      className="flex items-start gap-2 rounded-menu border border-danger/35 bg-danger/8 px-3 py-2.5 text-list text-danger-text"
    >
      <Icon name="alert" className="mt-0.5 size-[18px]" />
      {text}
    </p>
  )
}
