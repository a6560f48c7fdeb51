import type { MessageItem } from '@tam/client'
import { useEffect, type RefObject } from 'react'
import { useClock } from '../../hooks/use-platform.tsx'
import { SwipeReply } from './swipe-reply.ts'
import type { TimelineController } from './timeline-controller.ts'

interface SwipeReplyElements {
  readonly content: RefObject<HTMLElement | null>
  readonly mark: RefObject<HTMLElement | null>
}

/** A swipe to the right over a message answers it. */
export function useSwipeReply(
  { content, mark }: SwipeReplyElements,
  controller: TimelineController,
  reply: (item: MessageItem) => void,
): void {
  const clock = useClock()
  useEffect(() => {
    if (content.current === null || mark.current === null) {
      return undefined
    }
    const swipe = new SwipeReply({
      content: content.current,
      mark: mark.current,
      clock,
      mayReply: (row) => storedMessage(controller, row) !== undefined,
      onReply(row) {
        const item = storedMessage(controller, row)
        if (item !== undefined) {
          reply(item)
        }
      },
    })
    return () => swipe.dispose()
  }, [clock, content, controller, mark, reply])
}

/** The message of a row; undefined for events, and for what the server does not have yet. */
function storedMessage(controller: TimelineController, element: HTMLElement): MessageItem | undefined {
  const row = controller.list.get().rows.find(({ key }) => key === element.dataset['key'])
  return row?.kind === 'message' && row.item.seq !== null ? row.item : undefined
}
