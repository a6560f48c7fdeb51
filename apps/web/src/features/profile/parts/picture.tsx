import { AVATAR_MAX_BYTES } from '@tam/protocol/limits'
import { useEffect, useRef, useState } from 'react'
import { useAction } from '../../../hooks/use-action.ts'
import { useClient, useMe } from '../../../hooks/use-client.tsx'
import { commonText } from '../../../i18n/common.ts'
import { profileText } from '../../../i18n/profile.ts'
import { useT } from '../../../i18n/locale.tsx'
import { Avatar } from '../../../ui/avatar.tsx'
import { Button } from '../../../ui/button.tsx'

const ACCEPTED = 'image/jpeg,image/png,image/webp,image/gif'
const BYTES_PER_MEGABYTE = 1_048_576

/** One's picture: choose, see it at the sizes it appears in, then use it. */
export function Picture() {
  const t = useT(profileText)
  const me = useMe()
  const { rest } = useClient()
  const { busy, run } = useAction()
  const input = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState<{ file: File; url: string }>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => () => (chosen === undefined ? undefined : URL.revokeObjectURL(chosen.url)), [chosen])

  const choose = async (file: File | undefined) => {
    setProblem(undefined)
    if (file === undefined) {
      return
    }
    if (file.size > AVATAR_MAX_BYTES) {
      setProblem(t.pictureTooLarge(AVATAR_MAX_BYTES / BYTES_PER_MEGABYTE))
    } else if (await canDecode(file)) {
      setChosen({ file, url: URL.createObjectURL(file) })
    } else {
      setProblem(t.pictureUnreadable)
    }
  }
  const upload = async (file: File) => {
    if (await run(() => rest.uploadAvatar(file))) {
      setChosen(undefined)
    }
  }
  return (
    <div className="mb-5">
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        hidden
        onChange={(event) => {
          void choose(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      {chosen === undefined ? (
        <div className="flex flex-wrap items-center gap-4">
          <Avatar id={me.id} name={me.name} src={me.avatar} size={96} />
          <div>
            <div className="flex flex-wrap gap-2">
              <Button size="small" needsServer icon="camera" onClick={() => input.current?.click()}>
                {t.changePicture}
              </Button>
              {me.avatar !== null && (
                <Button
                  size="small"
                  variant="ghost"
                  needsServer
                  busy={busy}
                  onClick={() => void run(() => rest.patchMe({ avatar: null }))}
                >
                  {t.removePicture}
                </Button>
              )}
            </div>
            <p className="mt-2 text-secondary text-text3">{t.pictureHint}</p>
          </div>
        </div>
      ) : (
        <Preview
          url={chosen.url}
          busy={busy}
          onUse={() => void upload(chosen.file)}
          onCancel={() => setChosen(undefined)}
        />
      )}
      {problem !== undefined && (
        <p role="alert" className="mt-2 text-secondary text-danger-text">
          {problem}
        </p>
      )}
    </div>
  )
}

interface PreviewProps {
  readonly url: string
  readonly busy: boolean
  readonly onUse: () => void
  readonly onCancel: () => void
}

function Preview({ url, busy, onUse, onCancel }: PreviewProps) {
  const t = useT(profileText)
  const common = useT(commonText)
  const me = useMe()
  return (
    <div className="rounded-menu bg-sunken p-4">
      <p className="mb-3 text-secondary text-text2">{t.picturePreview}</p>
      <div className="flex items-end gap-4">
        {([96, 36, 20] as const).map((size) => (
          <Avatar key={size} id={me.id} name={me.name} src={url} size={size} />
        ))}
        <div className="ml-auto flex flex-wrap justify-end gap-2">
          <Button size="small" variant="ghost" onClick={onCancel}>
            {common.cancel}
          </Button>
          <Button size="small" variant="primary" needsServer busy={busy} onClick={onUse}>
            {t.usePicture}
          </Button>
        </div>
      </div>
    </div>
  )
}

async function canDecode(file: File): Promise<boolean> {
  try {
    const bitmap = await createImageBitmap(file)
    bitmap.close()
    return true
  } catch {
    return false
  }
}
