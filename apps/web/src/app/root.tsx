import { lazy, Suspense, useEffect } from 'react'
import { useClient } from '../hooks/use-client.tsx'
import { useRoute, useRouter } from '../hooks/use-platform.tsx'
import { useReadable } from '../hooks/use-readable.ts'
import { BootScreen } from '../layout/boot-screen.tsx'
import { useAccountLocale } from './use-account-locale.ts'
import { useNewVersion } from './use-new-version.ts'
import { useSecurityNotice } from './use-security-notice.ts'

const importAuth = () => import('../features/auth/auth-page.tsx')
const importHome = () => import('../features/home/home.tsx')
const AuthPage = lazy(async () => ({ default: (await importAuth()).AuthPage }))
const Home = lazy(async () => ({ default: (await importHome()).Home }))

/** Chooses the page by session and route. Someone signed out sees the sign-in page under the link they opened. */
export function Root() {
  const client = useClient()
  const router = useRouter()
  const route = useRoute()
  const session = useReadable(client.session.state)
  const isAuthRoute = route.name === 'login' || route.name === 'register'
  useAccountLocale()
  useSecurityNotice()
  useNewVersion()

  useEffect(() => {
    // The code of the likely page loads while the session is being restored.
    void (isAuthRoute ? importAuth() : importHome())
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, with the first route
  }, [])

  useEffect(() => {
    if (isAuthRoute && session.status === 'signed-in') {
      router.go(router.intended(), { replace: true })
    }
  }, [isAuthRoute, router, session.status])

  if (session.status === 'restoring' || (session.status === 'signed-in' && isAuthRoute)) {
    return <BootScreen />
  }
  return (
    <Suspense fallback={<BootScreen />}>
      {session.status === 'signed-in' ? (
        <Home />
      ) : (
        <AuthPage
          mode={route.name === 'register' ? 'register' : 'login'}
          invited={router.intended().name === 'invite'}
        />
      )}
    </Suspense>
  )
}
