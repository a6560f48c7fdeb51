import { useEffect, useRef, useState } from 'react'
import { useAction } from '../../../hooks/use-action.ts'
import { useClient, useMe } from '../../../hooks/use-client.tsx'
import { useComingPicture, useOwnPicture } from '../../../hooks/use-own-picture.tsx'
import { profileText } from '../../../i18n/profile.ts'
import { useT } from '../../../i18n/locale.tsx'
import { Avatar } from '../../../ui/avatar.tsx'
import { Button } from '../../../ui/button.tsx'
import type { Crop } from '../crop.logic.ts'
import {
  openPicture,
  PICTURE_FILE_MAX_BYTES,
  type OpenPicture,
  type PictureProblem,
} from '../picture-file.ts'
import { CropPicture } from './crop-picture.tsx'

const BYTES_PER_MEGABYTE = 1_048_576

/** One's picture: choose a file, choose its part, use it. */
export function Picture() {
  const [picture, setPicture] = useState<OpenPicture>()
  const [problem, setProblem] = useState<PictureProblem>()
  const { busy, use, remove } = useChange()
  useEffect(() => () => picture?.close(), [picture])

  const choose = async (file: File) => {
    const opened = await openPicture(file)
    setProblem(typeof opened === 'string' ? opened : undefined)
    setPicture(typeof opened === 'string' ? undefined : opened)
  }
  const useIt = (chosen: OpenPicture, crop: Crop) => {
    void use(chosen, crop)
    setPicture(undefined)
  }
  return (
    <div className="mb-5">
      {picture === undefined ? (
        <Current busy={busy} onChoose={(file) => void choose(file)} onRemove={remove} />
      ) : (
        <CropPicture
          picture={picture}
          onUse={(crop) => useIt(picture, crop)}
          onCancel={() => setPicture(undefined)}
        />
      )}
      {problem !== undefined && <Problem problem={problem} />}
    </div>
  )
}

interface CurrentProps {
  readonly busy: boolean
  readonly onChoose: (file: File) => void
  readonly onRemove: () => void
}

function Current({ busy, onChoose, onRemove }: CurrentProps) {
  const t = useT(profileText)
  const me = useMe()
  const picture = useOwnPicture()
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className="flex flex-wrap items-center gap-4">
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file !== undefined) {
            onChoose(file)
          }
        }}
      />
      <Avatar id={me.id} name={me.name} src={picture} size={96} />
      <div>
        <div className="flex flex-wrap gap-2">
          <Button size="small" needsServer busy={busy} icon="camera" onClick={() => input.current?.click()}>
            {t.changePicture}
          </Button>
          {picture !== null && !busy && (
            <Button size="small" variant="ghost" needsServer onClick={onRemove}>
              {t.removePicture}
            </Button>
          )}
        </div>
        <p className="mt-2 text-secondary text-text3">{t.pictureHint}</p>
      </div>
    </div>
  )
}

function Problem({ problem }: { problem: PictureProblem }) {
  const t = useT(profileText)
  const texts: Record<PictureProblem, string> = {
    'too-large': t.pictureTooLarge(PICTURE_FILE_MAX_BYTES / BYTES_PER_MEGABYTE),
    heic: t.pictureHeic,
    unreadable: t.pictureUnreadable,
  }
  return (
    <p role="alert" className="mt-2 text-secondary text-danger-text">
      {texts[problem]}
    </p>
  )
}

/** A change shows at once everywhere one sees oneself; one that fails is taken back with a word. */
function useChange() {
  const { rest } = useClient()
  const { busy, run } = useAction()
  const coming = useComingPicture()
  const use = async (picture: OpenPicture, crop: Crop) => {
    await run(async () => {
      const blob = await picture.cut(crop)
      const src = URL.createObjectURL(blob)
      coming.set({ src })
      try {
        await rest.uploadAvatar(blob)
      } finally {
        coming.set(undefined)
        URL.revokeObjectURL(src)
      }
    })
  }
  const remove = () => {
    void run(async () => {
      coming.set({ src: null })
      try {
        await rest.patchMe({ avatar: null })
      } finally {
        coming.set(undefined)
      }
    })
  }
  return { busy, use, remove }
}
