/** Sign in or create an account. */
export function AuthPage({ mode }: { mode: 'login' | 'register'; invited: boolean }) {
  return <main>{mode}</main>
}
