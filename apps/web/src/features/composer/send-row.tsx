import { usePlatform } from '../../hooks/use-platform.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { composerText } from '../../i18n/composer.ts'
import { useT } from '../../i18n/locale.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { ComposerInput } from './composer-input.ts'
import { blocksSending } from './composer.logic.ts'

const MOD_KEY = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'

/** Below the field: which key sends (a click changes it) and the button that does. */
export function SendRow({ input }: { input: ComposerInput }) {
  const t = useT(composerText)
  const blank = useReadable(input.blank)
  const limit = useReadable(input.limit)
  const { sendKey } = usePlatform().preferences
  const isEnter = useReadable(sendKey) === 'enter'
  return (
    <div className="composer-send">
      <button
        type="button"
        data-tip={t.changeSendKey}
        onClick={() => sendKey.set(isEnter ? 'mod-enter' : 'enter')}
        className="line-cut rounded-chip px-1.5 py-0.5 text-meta text-text3 hover:text-text2 max-sm:hidden pointer-coarse:invisible"
      >
        {isEnter ? t.hintEnter : t.hintModEnter(MOD_KEY)}
      </button>
      <button
        type="button"
        aria-label={t.send}
        data-tip={t.send}
        disabled={blank || blocksSending(limit)}
        // The field keeps the focus, and on a phone its keyboard.
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => input.requestSend()}
        className="tap-target ml-auto grid h-8 w-9 shrink-0 place-items-center rounded-menu bg-accent text-on-accent transition-colors hover:bg-accent-hover disabled:bg-hover disabled:text-text3"
      >
        <Icon name="send" />
      </button>
    </div>
  )
}
