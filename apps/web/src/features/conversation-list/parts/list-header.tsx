import { useMe } from '../../../hooks/use-client.tsx'
import { useOverlays } from '../../../hooks/use-overlays.tsx'
import { useOwnPicture } from '../../../hooks/use-own-picture.tsx'
import { listText } from '../../../i18n/list.ts'
import { useT } from '../../../i18n/locale.tsx'
import { commandKey } from '../../../platform/keyboard.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { IconButton } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icon.tsx'

/** The name of the place, a new conversation, and the way to any other. */
export function ListHeader() {
  const t = useT(listText)
  const me = useMe()
  const picture = useOwnPicture()
  const { openDialog } = useOverlays()
  return (
    <header>
      <div className="flex h-13 items-center gap-2 pr-3 pl-4">
        <button
          type="button"
          aria-label={t.account}
          data-tip={t.account}
          onClick={() => openDialog('profile')}
          className="tap-target rounded-avatar lg:hidden"
        >
          <Avatar id={me.id} name={me.name} src={picture} size={36} />
        </button>
        <p className="line-cut flex-1 text-title font-strong max-lg:pl-1">Tám</p>
        <IconButton
          needsServer
          icon="compass"
          label={t.browse}
          onClick={() => openDialog('browse')}
          className="lg:hidden"
        />
        <IconButton needsServer icon="compose" label={t.newConversation} onClick={() => openDialog('new')} />
      </div>
      <button
        type="button"
        onClick={() => openDialog('switcher')}
        data-landmark-focus
        className="mx-3 mb-2 flex h-8.5 w-[calc(100%-1.5rem)] items-center gap-2 rounded-[9px] border border-border bg-canvas px-2.5 text-secondary text-text3 transition-colors hover:border-border-strong pointer-coarse:h-11"
      >
        <Icon name="search" className="size-4" />
        <span className="line-cut flex-1 text-left">{t.find}</span>
        <kbd className="rounded-[5px] border border-border px-1.5 font-sans text-[11px]/4 font-medium pointer-coarse:hidden">
          {commandKey('K')}
        </kbd>
      </button>
    </header>
  )
}
