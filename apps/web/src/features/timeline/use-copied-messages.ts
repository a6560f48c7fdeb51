import { useCallback, type ClipboardEvent } from 'react'
import { useClient } from '../../hooks/use-client.tsx'
import { useFormats, useT } from '../../i18n/locale.tsx'
import { timelineText } from '../../i18n/timeline.ts'
import { copiedText } from './copied-text.logic.ts'
import type { MessageRow } from './rows.logic.ts'
import type { TimelineController } from './timeline-controller.ts'

interface SelectedRow {
  readonly row: MessageRow
  readonly text: string
}

/** Copying a selection across messages gives their texts and whose they are; within one message the browser copies. */
export function useCopiedMessages(controller: TimelineController): (event: ClipboardEvent) => void {
  const { users } = useClient()
  const formats = useFormats()
  const t = useT(timelineText)
  return useCallback(
    (event) => {
      const selection = document.getSelection()
      const selected = selection === null ? [] : selectedRows(selection, controller)
      if (selected.length < 2) {
        return
      }
      event.preventDefault()
      const messages = selected.map(({ row: { item, head }, text }) => ({
        author: users.get(item.from)?.name ?? t.someone,
        time: formats.time(item.at),
        head,
        text,
      }))
      event.clipboardData.setData('text/plain', copiedText(messages))
    },
    [controller, formats, t, users],
  )
}

function selectedRows(selection: Selection, controller: TimelineController): readonly SelectedRow[] {
  return controller.list.get().rows.flatMap((row) => {
    const element = row.kind === 'message' ? controller.row(row.key)?.querySelector('.message-text') : null
    if (row.kind !== 'message' || !element || !selection.containsNode(element, true)) {
      return []
    }
    const text = selectedPart(selection.getRangeAt(0), element)
    return text === '' ? [] : [{ row, text }]
  })
}

/** The text of `element` inside `range`. */
function selectedPart(range: Range, element: Element): string {
  const part = document.createRange()
  part.selectNodeContents(element)
  if (part.compareBoundaryPoints(Range.START_TO_START, range) < 0) {
    part.setStart(range.startContainer, range.startOffset)
  }
  if (part.compareBoundaryPoints(Range.END_TO_END, range) > 0) {
    part.setEnd(range.endContainer, range.endOffset)
  }
  return part.toString().trimEnd()
}
