import { Composer } from '../composer/composer.tsx'
import { Timeline } from '../timeline/timeline.tsx'

/** One conversation: header, messages, composer. `seq` centres a message. */
export function ConversationView({ id, seq }: { id: string; seq?: number }) {
  return (
    <div className="flex h-full min-h-0 flex-col bg-canvas">
      <Timeline conversationId={id} {...(seq === undefined ? {} : { seq })} />
      <Composer conversationId={id} />
    </div>
  )
}
