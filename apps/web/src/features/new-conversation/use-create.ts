import type { CreateConversationBody } from '@tam/protocol'
import { useState, type SubmitEvent } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useClient } from '../../hooks/use-client.tsx'
import { useRouter } from '../../hooks/use-platform.tsx'
import { useT } from '../../i18n/locale.tsx'
import { switcherText } from '../../i18n/switcher.ts'

interface Create {
  readonly busy: boolean
  readonly titleError: string | undefined
  readonly submit: (
    event: SubmitEvent<HTMLFormElement>,
    title: string,
    body: (title: string) => CreateConversationBody,
  ) => void
}

/** Creates a titled conversation from a form and goes there; without a title the field says so and takes the focus. */
export function useCreate(onDone: () => void): Create {
  const t = useT(switcherText)
  const client = useClient()
  const router = useRouter()
  const { busy, run } = useAction()
  const [titleError, setTitleError] = useState<string>()
  const create = async (body: CreateConversationBody) => {
    const created = await run(async () => {
      const { id } = await client.rest.createConversation(body)
      router.go({ name: 'conversation', id })
    })
    if (created) {
      onDone()
    }
  }
  return {
    busy,
    titleError,
    submit(event, title, body) {
      event.preventDefault()
      const trimmed = title.trim()
      if (trimmed === '') {
        setTitleError(t.needTitle)
        event.currentTarget.querySelector<HTMLElement>('[name=title]')?.focus()
        return
      }
      setTitleError(undefined)
      void create(body(trimmed))
    },
  }
}
