import type { ConversationHandle } from '@tam/client'
import { useClient, useUsersVersion } from '../../hooks/use-client.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { composerText } from '../../i18n/composer.ts'
import { useT } from '../../i18n/locale.tsx'
import { callName } from '../timeline/call-name.logic.ts'
import { splitNames, typingSentence } from './typing.logic.ts'

/** "Hường và Đạt đang nhập…". Always 22 px high, so that the composer never moves. */
export function TypingRow({ handle }: { handle: ConversationHandle }) {
  const typing = useReadable(handle.typing)
  const { users } = useClient()
  const t = useT(composerText)
  useUsersVersion()
  const names = typing.map((id) => users.get(id)?.name).filter((name) => name !== undefined)
  const sentence =
    typing.length > 0 && names.length === 0 ? t.typingSomeone : typingSentence(names.map(callName), t)
  return (
    <div className="line-cut h-5.5 px-5 text-meta leading-5.5 text-text3 max-sm:px-3.5" data-typing="">
      {splitNames(sentence).map(({ text, isName }) =>
        isName ? (
          <b key={text} className="font-semibold">
            {text}
          </b>
        ) : (
          text
        ),
      )}
    </div>
  )
}
