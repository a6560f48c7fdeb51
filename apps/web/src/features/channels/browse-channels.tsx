import type { Channel } from '@tam/protocol'
import { useEffect, useState } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useClient } from '../../hooks/use-client.tsx'
import { useClock, useRouter } from '../../hooks/use-platform.tsx'
import { describeError } from '../../i18n/describe-error.ts'
import { errorText } from '../../i18n/errors.ts'
import { useT } from '../../i18n/locale.tsx'
import { switcherText } from '../../i18n/switcher.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { TextField } from '../../ui/text-field.tsx'

const DEBOUNCE_MS = 120

/** Public channels to look into and join. */
export function BrowseChannels({ onClose }: { onClose: () => void }) {
  const t = useT(switcherText)
  const [query, setQuery] = useState('')
  const { channels, problem } = useChannels(query)
  const nothing = query.trim() === '' ? t.browseNone : t.browseNoMatch(query.trim())
  return (
    <Dialog title={t.browseTitle} onClose={onClose} className="sm:h-[38rem] sm:w-[34rem]">
      <div className="px-5 pb-3">
        <TextField
          label={t.browsePlaceholder}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          error={problem}
        />
      </div>
      <ul className="min-h-0 flex-1 overflow-y-auto px-3 pb-3">
        {channels?.map((channel) => (
          <ChannelItem key={channel.id} channel={channel} onClose={onClose} />
        ))}
      </ul>
      <output className="block px-5 pb-5 text-list text-text2 empty:hidden">
        {channels?.length === 0 && problem === undefined ? nothing : ''}
      </output>
    </Dialog>
  )
}

function useChannels(query: string): {
  channels: readonly Channel[] | undefined
  problem: string | undefined
} {
  const { rest } = useClient()
  const clock = useClock()
  const errors = useT(errorText)
  const [channels, setChannels] = useState<readonly Channel[]>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    const controller = new AbortController()
    const ask = async () => {
      try {
        const found = await rest.browseChannels(query.trim(), controller.signal)
        if (!controller.signal.aborted) {
          setChannels(found)
          setProblem(undefined)
        }
      } catch (error) {
        if (!controller.signal.aborted) {
          setProblem(describeError(error, errors))
        }
      }
    }
    const cancel = clock.after(query === '' ? 0 : DEBOUNCE_MS, () => void ask())
    return () => {
      cancel()
      controller.abort()
    }
  }, [clock, errors, query, rest])
  return { channels, problem }
}

function ChannelItem({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const t = useT(switcherText)
  const { rest } = useClient()
  const router = useRouter()
  const { busy, run } = useAction()
  const enter = async () => {
    const entered = await run(async () => {
      if (!channel.joined) {
        await rest.joinChannel(channel.id)
      }
      router.go({ name: 'conversation', id: channel.id })
    })
    if (entered) {
      onClose()
    }
  }
  return (
    <li className="flex items-center gap-3 rounded-row px-2 py-2.5 hover:bg-text/6">
      <span className="grid size-10 shrink-0 place-items-center rounded-avatar bg-accent-subtle text-accent-text">
        <Icon name="hash" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="line-cut isolate-text text-list font-medium">{channel.title}</p>
        <p className="line-cut isolate-text text-secondary text-text3">
          {[t.memberCount(channel.memberCount), channel.topic].filter((part) => part !== '').join(' · ')}
        </p>
      </div>
      <Button
        size="small"
        variant={channel.joined ? 'ghost' : 'secondary'}
        needsServer={!channel.joined}
        busy={busy}
        onClick={() => void enter()}
      >
        {channel.joined ? t.open : t.join}
      </Button>
    </li>
  )
}
