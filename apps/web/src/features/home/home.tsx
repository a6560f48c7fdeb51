import { useRoute } from '../../hooks/use-platform.tsx'
import { ConversationView } from '../conversation/conversation-view.tsx'

/** The signed-in application. */
export function Home() {
  const route = useRoute()
  return route.name === 'conversation' ? (
    <ConversationView key={route.id} id={route.id} {...(route.seq === undefined ? {} : { seq: route.seq })} />
  ) : null
}
