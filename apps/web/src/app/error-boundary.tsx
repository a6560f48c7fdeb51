import { Component, type ReactNode } from 'react'
import { commonText } from '../i18n/common.ts'
import { useT } from '../i18n/locale.tsx'
import { Button } from '../ui/button.tsx'

/**
 * What shows when rendering fails or a part of the program cannot be fetched, say after an update of the server.
 * Drafts and unsent messages are on disk; reloading is safe.
 */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? <Failure /> : this.props.children
  }
}

function Failure() {
  const t = useT(commonText)
  return (
    <main role="alert" className="grid h-full place-items-center bg-canvas p-6 text-center">
      <div className="max-w-[26rem]">
        <h1 className="text-section font-strong">{t.failedTitle}</h1>
        <p className="mt-2 mb-5 text-message text-text2">{t.failedLead}</p>
        <Button variant="primary" icon="retry" onClick={() => window.location.reload()}>
          {t.reload}
        </Button>
      </div>
    </main>
  )
}
