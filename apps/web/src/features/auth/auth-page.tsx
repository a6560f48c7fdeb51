import { useEffect } from 'react'
import { authText } from '../../i18n/auth.ts'
import { useLocale, useT } from '../../i18n/locale.tsx'
import { Logo } from '../../ui/logo.tsx'
import '../../styles/brand.css'
import { LoginForm } from './parts/login-form.tsx'
import { RegisterForm } from './parts/register-form.tsx'

interface AuthPageProps {
  readonly mode: 'login' | 'register'
  /** The person came by an invitation link, which waits behind this page. */
  readonly invited: boolean
}

/** Sign in or create an account. */
export function AuthPage({ mode, invited }: AuthPageProps) {
  const t = useT(authText)
  const isLogin = mode === 'login'
  useEffect(() => {
    document.title = isLogin ? t.pageTitleLogin : t.pageTitleRegister
  }, [isLogin, t])
  const lead = isLogin ? t.loginLead : t.registerLead
  return (
    <div className="flex h-full flex-col overflow-y-auto bg-rail pt-[env(safe-area-inset-top)] pr-[env(safe-area-inset-right)] pb-[env(safe-area-inset-bottom)] pl-[env(safe-area-inset-left)]">
      <main className="m-auto w-full max-w-[27rem] px-4 py-8">
        <div className="mb-7 flex items-center gap-3">
          <Logo className="size-11" />
          <div>
            <p className="text-section font-strong">Tám</p>
            <p className="text-secondary text-text3">{t.tagline}</p>
          </div>
        </div>
        <section className="rounded-shell border border-border bg-canvas px-5 pt-6 pb-7 sm:px-8 sm:pt-8">
          <h1 className="font-brand text-hero font-semibold tracking-[-0.01em]">
            {isLogin ? t.loginTitle : t.registerTitle}
          </h1>
          <p className="mt-1.5 mb-6 text-message text-text2">{invited ? t.invitedLead : lead}</p>
          {isLogin ? <LoginForm /> : <RegisterForm />}
        </section>
        <LanguageSwitch />
      </main>
    </div>
  )
}

function LanguageSwitch() {
  const t = useT(authText)
  const { locale, setLocale } = useLocale()
  const option = (value: 'vi' | 'en', label: string) => (
    <button
      type="button"
      lang={value}
      aria-pressed={locale === value}
      onClick={() => setLocale(value)}
      className="tap-target rounded-chip px-2 py-1 text-secondary text-text2 hover:text-text aria-pressed:font-semibold aria-pressed:text-accent-text"
    >
      {label}
    </button>
  )
  return (
    <fieldset className="mt-5 flex justify-center gap-2">
      <legend className="sr-only">{t.language}</legend>
      {option('vi', 'Tiếng Việt')}
      {option('en', 'English')}
    </fieldset>
  )
}
