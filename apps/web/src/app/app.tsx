import type { TamClient } from '@tam/client'
import { LocaleProvider } from '../i18n/locale.tsx'
import { ClientContext } from '../hooks/use-client.tsx'
import { PlatformContext, type Platform } from '../hooks/use-platform.tsx'
import { ToastProvider } from '../ui/toast.tsx'
import { TooltipLayer } from '../ui/tooltip.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { Root } from './root.tsx'

/** The application: what everything below may use, then the page of the session and route. */
export function App({ client, platform }: { client: TamClient; platform: Platform }) {
  return (
    <PlatformContext value={platform}>
      <ClientContext value={client}>
        <LocaleProvider locale={platform.preferences.locale}>
          <ToastProvider>
            <ErrorBoundary>
              <Root />
            </ErrorBoundary>
            <TooltipLayer />
          </ToastProvider>
        </LocaleProvider>
      </ClientContext>
    </PlatformContext>
  )
}
