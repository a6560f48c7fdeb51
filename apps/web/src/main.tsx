import { systemClock } from '@tam/util'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { createClient } from './platform/create-client.ts'
import { createDraftStorage } from './platform/drafts-storage.ts'
import { Drafts, flushWhenLeaving } from './platform/drafts.ts'
import { createPlace } from './platform/place.ts'
import { createPreferences } from './platform/preferences.ts'
import { createReachable } from './platform/reachable.ts'
import { createRouter } from './platform/router.ts'
import { startServiceWorker } from './platform/service-worker.ts'
import './styles/app.css'

const root = document.querySelector('#root')
if (root === null) {
  throw new Error('index.html has no #root')
}
const client = await createClient()
const drafts = new Drafts({
  session: client.session.state,
  storage: createDraftStorage(),
  clock: systemClock,
})
flushWhenLeaving(drafts, window)
const platform = {
  router: createRouter(window),
  preferences: createPreferences(window),
  clock: systemClock,
  drafts,
  place: createPlace(() => window.sessionStorage),
  reachable: createReachable(client.connection, systemClock),
  newVersion: startServiceWorker({ window, connection: client.connection, clock: systemClock }),
}
void client.session.restore()
client.start()
createRoot(root).render(
  <StrictMode>
    <App client={client} platform={platform} />
  </StrictMode>,
)
